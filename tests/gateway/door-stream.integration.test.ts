import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { caddyArguments, caddyEnvironment } from "../../gateway/caddy.ts";
import { parseCaddyVersion } from "../../gateway/render/caddy-version.ts";
import { type Door, startDoor } from "../helpers/door.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { knock } from "../helpers/knock.ts";
import { parts } from "../helpers/parts.ts";

const run = promisify(execFile);
const KEY = randomBytes(32).toString("hex");

describe.skipIf(parts.caddy === undefined)("a stream through the door", () => {
  let echo: Echo;
  let door: Door;
  /** The engine's end of the next request. */
  let arrival: PromiseWithResolvers<ServerResponse>;

  beforeEach(async () => {
    arrival = Promise.withResolvers<ServerResponse>();
    echo = await startEcho((outgoing) => arrival.resolve(outgoing));
    door = await startDoor({ ollamaUrl: echo.url, key: KEY });
  });
  afterEach(async () => {
    await door.close();
    await echo.close();
  });

  const send = () => {
    const outgoing = request(`${door.url}/api/chat`, {
      method: "POST",
      headers: { "X-API-Key": KEY },
      agent: false,
    });
    outgoing.end("{}");
    return outgoing;
  };

  /** Begins a streamed answer; each end in hand. */
  const begin = async (
    type: string,
  ): Promise<{ incoming: IncomingMessage; engine: ServerResponse }> => {
    const outgoing = send();
    const answered = once(outgoing, "response");
    const engine = await arrival.promise;
    engine.writeHead(200, { "content-type": type });
    engine.flushHeaders();
    const [incoming]: unknown[] = await answered;
    if (!isIncoming(incoming)) throw new Error("no response came");
    return { incoming, engine };
  };

  it.each(["application/x-ndjson", "text/event-stream"])(
    "of %s passes each piece before the next is sent",
    async (type) => {
      const { incoming, engine } = await begin(type);
      for (const piece of ['{"a":1}\n', "half a li", "ne\n", "한", "글\n"]) {
        const arrived = once(incoming, "data");
        engine.write(piece);
        expect(String((await arrived)[0])).toBe(piece);
      }
      const ended = once(incoming, "end");
      incoming.resume();
      engine.end();
      await ended;
    },
  );

  it("ends at the engine when the caller leaves before the first byte", async () => {
    const outgoing = send();
    outgoing.on("error", () => undefined);
    const engine = await arrival.promise;
    const closed = once(engine, "close");
    outgoing.destroy();
    await closed;
    expect(engine.writableFinished).toBe(false);
  });

  it("ends at the engine when the caller leaves in mid-stream", async () => {
    const { incoming, engine } = await begin("application/x-ndjson");
    const arrived = once(incoming, "data");
    engine.write("{}\n");
    await arrived;
    const closed = once(engine, "close");
    incoming.destroy();
    await closed;
    expect(engine.writableFinished).toBe(false);
  });

  it("ends at the caller when the engine dies, as broken off since Caddy 2.8", async () => {
    const { incoming, engine } = await begin("application/x-ndjson");
    const arrived = once(incoming, "data");
    engine.write("{}\n");
    await arrived;
    incoming.on("error", () => undefined);
    incoming.resume();
    const closed = new Promise((resolve) => incoming.once("close", resolve));
    engine.destroy();
    await closed;
    const [major = 0, minor = 0] = parseCaddyVersion(door.caddy.version) ?? [];
    expect(incoming.complete).toBe(major === 2 && minor < 8);
  });

  it.skipIf(process.platform === "win32")(
    "survives a change of keys, from when on only the new one opens",
    async () => {
      const { incoming, engine } = await begin("application/x-ndjson");
      const newKey = randomBytes(32).toString("hex");
      const file = join(door.directory, "keys.caddy");
      await writeFile(file, (await readFile(file, "utf8")).replace(KEY, newKey));
      const [, ...options] = caddyArguments(door.directory);
      await run(door.caddy.path, ["reload", ...options, "--address", "unix/admin.sock"], {
        cwd: door.directory,
        env: { ...caddyEnvironment(door.directory, process.env), NODE_ENV: "test" },
      });
      const status = async (key: string): Promise<number> =>
        (await knock(door.port, { target: "/api/blobs", headers: [`X-API-Key: ${key}`] })).status;
      expect([await status(KEY), await status(newKey)]).toEqual([401, 404]);
      const arrived = once(incoming, "data");
      engine.write("still here\n");
      expect(String((await arrived)[0])).toBe("still here\n");
      engine.end();
      expect((await stat(join(door.directory, "admin.sock"))).isSocket()).toBe(true);
      expect(await door.logs()).not.toContain(newKey);
    },
  );
});

function isIncoming(value: unknown): value is IncomingMessage {
  return typeof value === "object" && value !== null && "statusCode" in value;
}
