import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../../gateway/commands/command.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";
import { readAuthority, urlOf } from "../../gateway/verify/state.ts";
import { findWish, type VerifyOptions } from "../../gateway/verify/wish.ts";
import { KEY, lookAt, startFakeDoor, subjectFor } from "./verify-door.ts";

const NOTHING: VerifyOptions = {
  url: undefined,
  keyEnv: undefined,
  keyFile: undefined,
  log: undefined,
  app: undefined,
  config: undefined,
  isSlow: false,
};

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "latchkey-wish-"));
});
afterEach(() => rm(home, { recursive: true }));

describe("what is looked at", () => {
  it("is the door that the state folder describes, with its key, logs, config and engine", async () => {
    await writeFile(join(home, "latchkey.json"), '{"listen":{"port":12345}}');
    await writeFile(join(home, "door-key"), KEY, { mode: 0o600 });
    await writeFile(join(home, "Caddyfile"), "");
    await writeFile(join(home, "door.log"), "");
    const wish = await findWish(NOTHING, home, {});
    expect(wish.url.origin).toBe("http://127.0.0.1:12345");
    expect(wish).toMatchObject({
      key: KEY,
      engineUrl: "http://127.0.0.1:11434",
      configFile: join(home, "Caddyfile"),
      logs: { access: [join(home, "access.log")], error: [join(home, "door.log")] },
    });
  });

  it("is another door, of which the state folder knows nothing", async () => {
    await writeFile(join(home, "latchkey.json"), '{"listen":{"port":12345}}');
    const url = new URL("https://home.example");
    const wish = await findWish({ ...NOTHING, url, keyEnv: "K" }, home, { K: ` ${KEY}\n` });
    expect(wish).toMatchObject({
      key: KEY,
      configFile: undefined,
      logs: { access: [], error: [] },
    });
    expect([wish.spec, wish.engineUrl, wish.app]).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    [{}, "http://127.0.0.1:11435"],
    [
      { listen: { address: "0.0.0.0" }, tls: "internal", publicAddress: "203.0.113.7" },
      "https://127.0.0.1:11435",
    ],
    [
      { listen: { address: "0.0.0.0" }, tls: "automatic", name: "home.example" },
      "https://home.example:11435",
    ],
    [{ listen: { address: "::1", port: 9 } }, "http://[::1]:9"],
  ])("%j is at %s", (spec, url) => {
    expect(urlOf(parseSpec(spec)).origin).toBe(url);
  });

  it("wants a key where one was named", async () => {
    const url = new URL("https://home.example");
    await expect(findWish({ ...NOTHING, url, keyEnv: "K" }, home, {})).rejects.toThrow(
      "holds no key",
    );
    const keyFile = join(home, "nothing");
    await expect(findWish({ ...NOTHING, url, keyFile }, home, {})).rejects.toThrow("is not there");
  });

  it("gets the key of this folder at this folder's door alone", async () => {
    const described = { listen: { port: 12345 }, tunnel: "cloudflared", name: "home.example" };
    await writeFile(join(home, "latchkey.json"), JSON.stringify(described));
    await writeFile(join(home, "door-key"), KEY, { mode: 0o600 });
    const keyAt = async (url: string) =>
      (await findWish({ ...NOTHING, url: new URL(url) }, home, {})).key;
    expect(await keyAt("http://127.0.0.1:12345")).toBe(KEY);
    expect(await keyAt("https://home.example")).toBe(KEY);
    for (const other of ["http://127.0.0.1:12346", "https://other.example", "http://home.example"])
      await expect(keyAt(other)).rejects.toThrow(UsageError);
  });

  it("trusts the root of OLLAMA_CA, as PEM or as base64 of it", () => {
    const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    expect(readAuthority(pem)).toBe(pem);
    expect(readAuthority(Buffer.from(pem).toString("base64"))).toBe(pem);
    expect(readAuthority("")).toBe(undefined);
    expect(() => readAuthority("nonsense")).toThrow("holds no certificate");
  });
});

describe("the app", () => {
  const ACCESS = "0123456789abcdef0123456789abcdef";

  /** An app that answers those with the key so, and others so. */
  async function look(
    name: string,
    known: readonly [number, string],
    stranger: number,
    key = ACCESS,
  ) {
    const server = createServer((incoming, outgoing) => {
      const isKnown = incoming.headers.authorization === `Bearer ${ACCESS}`;
      outgoing.writeHead(isKnown ? known[0] : stranger).end(isKnown ? known[1] : "{}");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const door = await startFakeDoor();
    const app = { url: new URL(`http://127.0.0.1:${port}`), key };
    const check = await lookAt(name, await subjectFor(door.url, { app }));
    await door.close();
    server.close();
    return check;
  }
  const message = JSON.stringify({ message: { role: "assistant", content: "Hello" } });
  const problem = JSON.stringify({
    error: { code: "door_refused_key", fix: "Set OLLAMA_API_KEY." },
  });

  it("chats, and refuses strangers", async () => {
    expect((await look("app", [200, message], 401)).ok).toBe(true);
    expect((await look("app-strangers", [200, message], 401)).ok).toBe(true);
    expect((await look("app-strangers", [200, message], 200)).ok).toBe(false);
  });

  it("names its error, and gives no advice", async () => {
    expect(await look("app", [502, problem], 401)).toEqual({
      name: "app",
      ok: false,
      seen: "answered 502, door_refused_key",
      fix: "Look whether the app is at that address, and at its own log.",
    });
    const odd = JSON.stringify({ error: { code: "Run this: x", fix: "Run this: x" } });
    expect(await look("app", [502, odd], 401)).toMatchObject({ seen: "answered 502" });
    expect((await look("app", [200, "<html>"], 401)).ok).toBe(false);
  });

  it("gets its key in clear on this computer only", async () => {
    const door = await startFakeDoor();
    const app = { url: new URL("http://app.example"), key: ACCESS };
    const check = await lookAt("app", await subjectFor(door.url, { app }));
    await door.close();
    expect(check).toMatchObject({ ok: null, seen: expect.stringContaining("not sent in clear") });
  });
});
