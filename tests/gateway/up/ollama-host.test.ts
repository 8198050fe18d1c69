import { describe, expect, it } from "vitest";
import { parseOllamaHost } from "../../../gateway/up/ollama-host.ts";

describe("OLLAMA_HOST is read as Ollama reads it", () => {
  // Value, address: the cases of Ollama's own envconfig tests that make sense to a client.
  const cases: readonly (readonly [string | undefined, string])[] = [
    [undefined, "http://127.0.0.1:11434"],
    ["", "http://127.0.0.1:11434"],
    ["  ", "http://127.0.0.1:11434"],
    ["1.2.3.4", "http://1.2.3.4:11434"],
    [":1234", "http://127.0.0.1:1234"],
    ["1.2.3.4:1234", "http://1.2.3.4:1234"],
    ["example.com", "http://example.com:11434"],
    ["example.com:1234", "http://example.com:1234"],
    ["http://1.2.3.4", "http://1.2.3.4"],
    ["https://1.2.3.4", "https://1.2.3.4"],
    ["https://1.2.3.4:1234", "https://1.2.3.4:1234"],
    ["http://1.2.3.4:1234/", "http://1.2.3.4:1234"],
    ["1.2.3.4:66000", "http://1.2.3.4:11434"],
    ["1.2.3.4:-1", "http://1.2.3.4:11434"],
    ["1.2.3.4:", "http://1.2.3.4:11434"],
    ['"1.2.3.4:1234"', "http://1.2.3.4:1234"],
    [" ' 1.2.3.4:1234 ' ", "http://1.2.3.4:1234"],
    ["[::1]", "http://[::1]:11434"],
    ["::1", "http://[::1]:11434"],
    ["[::1]:1337", "http://[::1]:1337"],
    // What a server listens on, a client does not connect to.
    ["0.0.0.0", "http://127.0.0.1:11434"],
    ["0.0.0.0:1234", "http://127.0.0.1:1234"],
    ["[::]:1234", "http://127.0.0.1:1234"],
    ["::", "http://127.0.0.1:11434"],
  ];
  it.each(cases)("%j is %s", (value, address) => {
    expect(parseOllamaHost(value)?.origin).toBe(address);
  });

  it.each(["ftp://1.2.3.4", "unix:///run/ollama.sock", "a b"])("%j is no address", (value) => {
    expect(parseOllamaHost(value)).toBeUndefined();
  });
});
