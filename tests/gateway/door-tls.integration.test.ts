/** Certificates of the door's own root, by real handshakes, as the app makes them. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:http2";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { readRoot } from "../../gateway/caddy.ts";
import { caddyKnows } from "../../gateway/render/caddy-version.ts";
import { RelayError } from "../../lib/errors.ts";
import { callDoorForJson } from "../../lib/upstream.ts";
import { CADDIES, type CaddyPart, type Door, startDoor } from "../helpers/door.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { knock } from "../helpers/knock.ts";
import { parts } from "../helpers/parts.ts";
import { askTls } from "../helpers/tls-ask.ts";
import { configFor, DOOR_KEY } from "../lib/door-config.ts";

/** What a router has outside, and nobody here. */
const PUBLIC = "203.0.113.9";
const NAME = "ollama.example.com";

/** What the app makes of that door: the answer, or its code of the failure. */
async function appAsks(url: string, authority: string): Promise<unknown> {
  const signal = AbortSignal.timeout(5_000);
  try {
    const config = configFor(url, { OLLAMA_CA: authority });
    return await callDoorForJson(config, { method: "GET", path: "/api/tags", signal });
  } catch (thrown) {
    if (thrown instanceof RelayError) return thrown.code;
    throw thrown;
  }
}

/** The code of a handshake's failure. */
function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

const headers = { "X-API-Key": DOOR_KEY };

describe.each(CADDIES)("a certificate of the door's own, by %s", (part: CaddyPart) => {
  describe.skipIf(parts[part] === undefined)("is", () => {
    const stack = new AsyncDisposableStack();
    let echo: Echo;
    /** Its own address only. */
    let plain: Door;
    /** Behind a router, with a name beside the address. */
    let routed: Door;
    let plainRoot = "";
    let root = "";

    const open = async (spec: Readonly<Record<string, unknown>>): Promise<Door> => {
      const door = await startDoor({ ollamaUrl: echo.url, key: DOOR_KEY, part, spec });
      stack.defer(() => door.close());
      return door;
    };

    beforeAll(async () => {
      echo = await startEcho();
      stack.defer(() => echo.close());
      plain = await open({ tls: "internal" });
      routed = await open({ tls: "internal", publicAddress: PUBLIC, name: NAME });
      plainRoot = await readRoot(plain.directory);
      root = await readRoot(routed.directory);
    });
    afterAll(() => stack.disposeAsync());

    it("taken by the app that pins the root, at the address and at localhost", async () => {
      expect(await appAsks(plain.url, plainRoot)).toEqual({ models: [] });
      expect(await appAsks(`https://localhost:${plain.port}`, plainRoot)).toEqual({ models: [] });
    });

    it("passes no body of a GET over HTTP/2, nor the trailers behind it", async () => {
      const asked = echo.requests.length;
      const session = connect(plain.url, { ca: plainRoot });
      session.on("error", () => undefined);
      const stream = session.request(
        { ":path": "/api/tags", trailer: "x-api-key", ...headers },
        { endStream: false, waitForTrailers: true },
      );
      stream.on("wantTrailers", () => stream.sendTrailers(headers));
      stream.end("body");
      const [told] = z
        .tuple([z.object({ ":status": z.number() })])
        .rest(z.unknown())
        .parse(await once(stream, "response"));
      expect(told[":status"]).toBe(400);
      expect(echo.requests).toHaveLength(asked);
      session.destroy();
    });

    it("refused by the app as door_tls with another root, and at another address", async () => {
      expect(await appAsks(plain.url, root)).toBe("door_tls");
      expect(await appAsks(routed.url, root)).toBe("door_tls");
    });

    it("for the router's address, which is not the listener's own, and for the name", async () => {
      const path = "/api/tags";
      const byAddress = await askTls(routed.port, { ca: root, identity: PUBLIC, path, headers });
      expect(byAddress).toEqual({
        status: 200,
        body: '{"models":[]}',
        subject: `IP Address:${PUBLIC}`,
      });
      const byName = await askTls(routed.port, {
        ca: root,
        servername: NAME,
        identity: NAME,
        path,
        headers,
      });
      expect(byName).toMatchObject({ status: 200, subject: `DNS:${NAME}` });
    });

    it("for an address of the newer kind", async () => {
      const address = "2001:db8::9";
      const other = await open({ tls: "internal", publicAddress: address });
      const ca = await readRoot(other.directory);
      expect((await askTls(other.port, { ca, identity: address })).status).toBe(200);
    });

    it("locked whatever name is asked for, in the handshake and as Host", async () => {
      const path = "/api/tags";
      for (const host of [NAME, PUBLIC, "other.example", ""]) {
        const more = { Host: host === "" ? "localhost" : host };
        const ask = { ca: root, identity: PUBLIC, path };
        expect((await askTls(routed.port, { ...ask, headers: more })).status).toBe(401);
        expect(
          (await askTls(routed.port, { ...ask, headers: { ...headers, ...more } })).status,
        ).toBe(200);
      }
    });

    it("shown to who asks for a name it is not for, by a Caddy that can do so", async () => {
      const ask = askTls(routed.port, { ca: root, servername: "other.example", identity: "any" });
      const seen = await ask.then(({ subject }) => subject, codeOf);
      const can = caddyKnows(routed.caddy.version, "fallbackName");
      expect(seen).toBe(can ? `IP Address:${PUBLIC}` : "EPROTO");
    });

    it("needed: plain HTTP at the same port is answered 400, and the key stands nowhere", async () => {
      echo.requests.length = 0;
      const { status, head, body } = await knock(plain.port, {
        target: "/api/tags",
        headers: [`X-API-Key: ${DOOR_KEY}`],
      });
      expect(status).toBe(400);
      expect(`${head}${body}${await plain.logs()}`).not.toContain(DOOR_KEY);
      expect(echo.requests).toEqual([]);
    });

    it("missed without default_sni by whoever goes to the router's address", async () => {
      const broken = await startDoor({
        ollamaUrl: echo.url,
        key: DOOR_KEY,
        part,
        spec: { tls: "internal", publicAddress: PUBLIC, name: NAME },
        // The door is found open by its name in the handshake only.
        mutate: (file) => file.replaceAll(/\t(?:default|fallback)_sni .*\n/g, ""),
        openBy: NAME,
      });
      stack.defer(() => broken.close());
      const ca = await readRoot(broken.directory);
      const asked = askTls(broken.port, { ca, identity: PUBLIC });
      expect(await asked.then(({ status }) => status, codeOf)).toBe("EPROTO");
    });
  });
});

describe("readRoot", () => {
  it("says what to do where the door was never started", async () => {
    const nowhere = join("/", randomBytes(8).toString("hex"));
    await expect(readRoot(nowhere)).rejects.toThrow("start it, then ask again");
  });
});
