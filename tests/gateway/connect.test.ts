import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isFromProgram } from "../../gateway/connect/admission.ts";
import { readAppAddress } from "../../gateway/connect/app-address.ts";
import { FAILURES, failureOf } from "../../gateway/connect/failures.ts";
import { toApp, toClient } from "../../gateway/connect/headers.ts";
import { mapPath } from "../../gateway/connect/paths.ts";
import { readKey } from "../../gateway/connect/read-key.ts";

describe("where a path leads", () => {
  it.each([
    ["/api/chat", "ollama", "/ollama/api/chat"],
    ["/api/tags?x=/../y&z=%2e%2e", "ollama", "/ollama/api/tags?x=/../y&z=%2e%2e"],
    ["/api/blobs/sha256:abc", "ollama", "/ollama/api/blobs/sha256:abc"],
    ["/v1/chat/completions", "openai", "/v1/chat/completions"],
    ["/v1/models/qwen3:0.6b", "openai", "/v1/models/qwen3:0.6b"],
    ["/v1/models/hf.co%2Fa%2Fb:q4", "openai", "/v1/models/hf.co%2Fa%2Fb:q4"],
    ["/v1/models/a..b", "openai", "/v1/models/a..b"],
  ])("%s: %s %s", (target, dialect, path) => {
    expect(mapPath(target)).toStrictEqual({ dialect, path });
  });

  it.each([
    ["another of the app's own", "/api"],
    ["another of the app's own", "/ollama/api/tags"],
    ["a page", "/sign-in"],
    ["a longer name", "/v1beta/x"],
    ["a longer name", "/apis/x"],
    ["capitals", "/API/tags"],
    ["an encoded prefix", "/%76%31/models"],
    ["the way up", "/api/../../api/models"],
    ["the way up", "/v1/../api/session"],
    ["the way up at the end", "/api/.."],
    ["the same place", "/api/./tags"],
    ["encoded dots", "/api/%2e%2e/%2E%2e/api/models"],
    ["half-encoded dots", "/v1/.%2e/api/session"],
    ["encoded slashes", "/v1/..%2fapi%2fsession"],
    ["encoded slashes", "/v1/x%2f..%2f..%2fapi%2fsession"],
    ["twice encoded dots", "/v1/%252e%252e/api/session"],
    ["thrice encoded dots", "/v1/%25252e%25252e/api/session"],
    ["a name encoded twice", "/v1/models/%2541"],
    ["backslashes", "/v1/..\\api\\session"],
    ["encoded backslashes", "/v1/..%5capi%5csession"],
    ["dots with parameters", "/v1/..;/api/session"],
    ["dots with encoded parameters", "/v1/..%3bx/api/session"],
    ["no segment", "/api//tags"],
    ["no segment", "/v1/"],
    ["no segment, encoded", "/v1/%2f%2fexample.org"],
    ["another host", "//example.org/v1/models"],
    ["another host", "http://example.org/v1/models"],
    ["another host", "@example.org/v1/models"],
    ["a zero byte", "/v1/models%00"],
    ["a line end", "/v1/models%0d%0ax:y"],
    ["a line end in the query", "/v1/models?x\r\ny: z"],
    ["a fragment", "/v1/models#x"],
    ["a fragment after the query", "/v1/models?x#y"],
    ["what is no encoding", "/v1/models/%zz"],
    ["bytes that are no text", "/v1/models/%ff"],
    ["letters beyond ASCII", "/v1/modèles"],
    ["every path", "*"],
    ["nothing", ""],
  ])("nowhere: %s (%j)", (_, target) => {
    expect(mapPath(target)).toBeUndefined();
  });
});

describe("headers", () => {
  it("take the key in place of all the client shows of itself", () => {
    const sent = {
      host: ["127.0.0.1:11434"],
      authorization: ["Bearer ollama", "Bearer other"],
      cookie: ["latchkey=x"],
      "x-api-key": ["y"],
      origin: ["http://127.0.0.1"],
      referer: ["http://127.0.0.1/"],
      connection: ["keep-alive, X-Private", "x-other"],
      "x-private": ["a"],
      "x-other": ["b"],
      "keep-alive": ["timeout=5"],
      "proxy-authorization": ["Basic z"],
      te: ["trailers"],
      trailer: ["x"],
      upgrade: ["h2c"],
      expect: ["100-continue"],
      "content-length": ["2"],
      "content-type": ["application/json"],
      "user-agent": ["ollama/0.11.4"],
      "x-two": ["1", "2"],
    };
    expect(toApp(sent, "the-key")).toStrictEqual({
      authorization: "Bearer the-key",
      "content-length": "2",
      "content-type": ["application/json"],
      "user-agent": ["ollama/0.11.4"],
      "x-two": ["1", "2"],
    });
  });

  it("say how long a body is, whatever Connection names", () => {
    const connection = ["content-length, transfer-encoding, authorization"];
    expect(toApp({ connection, "content-length": ["3"] }, "k")).toStrictEqual({
      authorization: "Bearer k",
      "content-length": "3",
    });
    expect(toApp({ connection, "transfer-encoding": ["chunked"] }, "k")).toStrictEqual({
      authorization: "Bearer k",
      "transfer-encoding": "chunked",
    });
  });

  it("bring back all but what is between the app and its own pages", () => {
    expect(
      toClient({
        "content-type": ["application/x-ndjson"],
        "x-request-id": ["1"],
        "retry-after": ["15"],
        "transfer-encoding": ["chunked"],
        connection: ["x-hop"],
        "x-hop": ["a"],
        "set-cookie": ["latchkey=x"],
        "access-control-allow-origin": ["*"],
        "strict-transport-security": ["max-age=1"],
      }),
    ).toStrictEqual({
      "content-type": ["application/x-ndjson"],
      "x-request-id": ["1"],
      "retry-after": ["15"],
    });
  });
});

describe("who may ask", () => {
  const asks = (host: readonly string[], more: Readonly<Record<string, string>> = {}): boolean => {
    const rest = Object.entries(more).map(([name, value]) => [name, [value]]);
    return isFromProgram({ headersDistinct: { host: [...host], ...Object.fromEntries(rest) } });
  };

  it.each([
    "127.0.0.1:11434",
    "localhost:11434",
    "LOCALHOST",
    "[::1]:11434",
    "127.8.9.1",
    "a.localhost",
  ])("a program that calls this machine %s", (host) => {
    expect(asks([host])).toBe(true);
    expect(asks([host], { "sec-fetch-mode": "cors" })).toBe(true);
    expect(asks([host], { "sec-fetch-site": "none" })).toBe(true);
  });

  it.each([
    [[]],
    [[""]],
    [["example.org"]],
    [["example.org:11434"]],
    [["127.0.0.1.example.org"]],
    [["localhost.example.org"]],
    [["notlocalhost"]],
    [["192.168.1.2:11434"]],
    [["0.0.0.0:11434"]],
    [["[fe80::1]:11434"]],
    [["localhost@example.org"]],
    [["127.0.0.1:11434, example.org"]],
    [["127.0.0.1", "example.org"]],
  ])("nobody who calls it %j", (host) => {
    expect(asks(host)).toBe(false);
  });

  it.each([
    ["origin", "https://example.org"],
    ["origin", "http://127.0.0.1:11434"],
    ["origin", "null"],
    ["sec-fetch-site", "cross-site"],
    ["sec-fetch-site", "same-site"],
    ["sec-fetch-site", "same-origin"],
  ])("no page: %s %s", (name, value) => {
    expect(asks(["127.0.0.1:11434"], { [name]: value })).toBe(false);
  });
});

describe("the app's address", () => {
  it.each([
    ["https://name.vercel.app", "https://name.vercel.app"],
    ["HTTPS://Name.Vercel.App/", "https://name.vercel.app"],
    ["https://1.2.3.4:8443", "https://1.2.3.4:8443"],
    ["http://127.0.0.1:3000", "http://127.0.0.1:3000"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["http://[::1]:3000", "http://[::1]:3000"],
  ])("%s is taken as it is", (text, origin) => {
    const { url, warning } = readAppAddress(text);
    expect([url.origin, warning]).toStrictEqual([origin, undefined]);
  });

  it.each([
    "http://192.168.1.20:3000",
    "http://10.0.0.1",
    "http://172.31.255.1",
    "http://169.254.1.1",
    "http://[fd00::1]:3000",
    "http://[fe80::1]",
    "http://desk.local:3000",
    "http://desk.home.arpa",
  ])("%s is taken with a warning", (text) => {
    expect(readAppAddress(text).warning).toContain("The key crosses the network in clear");
  });

  it.each([
    "http://name.vercel.app",
    "http://8.8.8.8",
    "http://172.32.0.1",
    "http://192.169.1.1",
    "http://100.64.0.1",
    "http://[2001:db8::1]",
    "http://localhost.example.org",
    "http://local",
    "http://127.0.0.1.example.org",
    "http://0x08080808",
    "ftp://name.vercel.app",
    "name.vercel.app",
    "https://user@name.vercel.app",
    "https://name.vercel.app/v1",
    "https://name.vercel.app/?x",
    "https://name.vercel.app/#x",
    "",
  ])("%j is refused", (text) => {
    expect(() => readAppAddress(text)).toThrow("APP_URL wants");
  });
});

describe("the key", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "latchkey-connect-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const key = "Kx7-q_R2Zt5vB8nM1cW4jL6hP9dG3fS0";
  const nowhere = { variable: undefined, file: undefined };

  it("is this computer's own, or the one a person names", async () => {
    await writeFile(join(home, "access-key"), `${key}\n`, { mode: 0o600 });
    await writeFile(join(home, "other"), " other-key\r\n");
    expect(await readKey(nowhere, home, {})).toBe(key);
    const file = join(home, "other");
    expect(await readKey({ ...nowhere, file }, home, {})).toBe("other-key");
    expect(await readKey({ ...nowhere, variable: "A" }, home, { A: "of-a" })).toBe("of-a");
  });

  it("is asked for where there is none, and none is made", async () => {
    await expect(readKey(nowhere, home, {})).rejects.toMatchObject({
      message: "There is no access key on this computer.",
      fix: "Name one with --key-file FILE or --key-env NAME.",
    });
    await expect(readFile(join(home, "access-key"))).rejects.toThrow("ENOENT");
  });

  it.each([
    ["two lines", "one-key\ntwo-key", "holds no key"],
    ["nothing", "\n", "holds no key"],
  ])("is not a file of %s", async (_, content, sentence) => {
    const file = join(home, "bad");
    await writeFile(file, content);
    const failure = await readKey({ ...nowhere, file }, home, {}).catch(String);
    expect(failure).toContain(sentence);
    expect(failure).not.toContain("one-key");
  });

  it.each([{}, { [key]: "" }, { [key]: "a b" }])(
    "is not repeated when it stands in place of its variable",
    async (environment) => {
      const failure = await readKey({ ...nowhere, variable: key }, home, environment).catch(String);
      expect(failure).toContain("The variable that --key-env names holds no key.");
      expect(failure).not.toContain(key);
    },
  );

  it("is not looked for elsewhere when its file is not there", async () => {
    await writeFile(join(home, "access-key"), `${key}\n`, { mode: 0o600 });
    const file = join(home, "missing");
    await expect(readKey({ ...nowhere, file }, home, {})).rejects.toThrow("is not there");
  });
});

describe("what an error of the connection means", () => {
  it.each([
    ["ENOTFOUND", "app_unreachable"],
    ["EAI_AGAIN", "app_unreachable"],
    ["EHOSTUNREACH", "app_unreachable"],
    ["ETIMEDOUT", "app_unreachable"],
    ["ECONNREFUSED", "app_refused_connection"],
    ["CERT_HAS_EXPIRED", "app_tls"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "app_tls"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "app_tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "app_tls"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "app_tls"],
    ["ECONNRESET", "app_broke_off"],
    ["EPIPE", "app_broke_off"],
  ])("%s: %s", (code, failure) => {
    expect(failureOf(Object.assign(new Error("x"), { code }))).toBe(failure);
  });

  it("names the link that broke", () => {
    for (const { message } of Object.values(FAILURES)) expect(message).toMatch(/network|app/u);
  });
});
