import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { appendFile, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nginxReopen, reloadNginx } from "../../gateway/nginx.ts";
import { renderNginxKeys } from "../../gateway/render/nginx.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { knock } from "../helpers/knock.ts";
import { type NginxDoor, startNginxDoor } from "../helpers/nginx-door.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const KEY = randomBytes(32).toString("hex");

describe.skipIf(parts.nginx === undefined)("a stream through nginx", () => {
  let echo: Echo;
  let door: NginxDoor;
  /** The engine's end of the next request. */
  let arrival: PromiseWithResolvers<ServerResponse>;

  const open = async (mutate?: (config: string) => string): Promise<NginxDoor> => {
    const options = { ollamaUrl: echo.url, key: KEY };
    return await startNginxDoor(mutate === undefined ? options : { ...options, mutate });
  };

  beforeEach(async () => {
    arrival = Promise.withResolvers<ServerResponse>();
    echo = await startEcho((outgoing) => arrival.resolve(outgoing));
    door = await open();
  });
  afterEach(async () => {
    await door.close();
    await echo.close();
  });

  const send = (url: string) => {
    const headers = { "X-API-Key": KEY };
    const outgoing = request(`${url}/api/chat`, { method: "POST", headers, agent: false });
    outgoing.end("{}");
    return outgoing;
  };

  /** Begins a streamed answer; each end in hand. */
  const begin = async (
    type = "application/x-ndjson",
  ): Promise<{ incoming: IncomingMessage; engine: ServerResponse }> => {
    const outgoing = send(door.url);
    const answered = once(outgoing, "response");
    const engine = await arrival.promise;
    engine.writeHead(200, { "content-type": type });
    engine.flushHeaders();
    const [incoming]: unknown[] = await answered;
    if (!isIncoming(incoming)) throw new Error("no response came");
    return { incoming, engine };
  };

  const pass = async (
    { incoming, engine }: { incoming: IncomingMessage; engine: ServerResponse },
    piece: string,
  ): Promise<void> => {
    const arrived = once(incoming, "data");
    engine.write(piece);
    expect(String((await arrived)[0])).toBe(piece);
  };

  const status = async (key: string): Promise<number> =>
    (await knock(door.port, { target: "/api/blobs", headers: [`X-API-Key: ${key}`] })).status;

  it.each(["application/x-ndjson", "text/event-stream"])(
    "of %s passes each piece before the next is sent",
    async (type) => {
      const stream = await begin(type);
      for (const piece of ['{"a":1}\n', "half a li", "ne\n", "한", "글\n"])
        await pass(stream, piece);
      const ended = once(stream.incoming, "end");
      stream.incoming.resume();
      stream.engine.end();
      await ended;
      expect(stream.incoming.complete).toBe(true);
    },
  );

  it("ends at the engine when the caller leaves before the first byte", async () => {
    const outgoing = send(door.url);
    outgoing.on("error", () => undefined);
    const engine = await arrival.promise;
    const closed = once(engine, "close");
    outgoing.destroy();
    await closed;
    expect(engine.writableFinished).toBe(false);
  });

  it("ends at the engine when the caller leaves in mid-stream", async () => {
    const { incoming, engine } = await begin();
    await pass({ incoming, engine }, "{}\n");
    const closed = once(engine, "close");
    incoming.destroy();
    await closed;
    expect(engine.writableFinished).toBe(false);
  });

  it("would not be seen to end there if nginx ignored that", async () => {
    const mutant = await open((config) =>
      config.replace("ignore_client_abort off", "ignore_client_abort on"),
    );
    try {
      const outgoing = send(mutant.url);
      outgoing.on("error", () => undefined);
      const engine = await arrival.promise;
      const closed = once(engine, "close").then(() => "closed");
      outgoing.destroy();
      expect(await Promise.race([closed, delay(1000, "still open")])).toBe("still open");
    } finally {
      await mutant.close();
    }
  });

  it("ends at the caller as broken off when the engine dies", async () => {
    const { incoming, engine } = await begin();
    await pass({ incoming, engine }, "{}\n");
    incoming.on("error", () => undefined);
    incoming.resume();
    const closed = new Promise((resolve) => incoming.once("close", resolve));
    engine.destroy();
    await closed;
    expect(incoming.complete).toBe(false);
  });

  it("survives a change of keys, from when on only the new one opens", async () => {
    const stream = await begin();
    const newKey = randomBytes(32).toString("hex");
    const keys = join(door.directory, "keys.nginx");
    const names = [{ name: "app", key: KEY }];
    await writeFile(keys, renderNginxKeys([...names, { name: "app", key: newKey }]));
    await reloadNginx(door.nginx, door.directory, process.env);
    expect([await status(KEY), await status(newKey)]).toEqual([404, 404]);
    await pass(stream, "both\n");
    await writeFile(keys, renderNginxKeys([{ name: "app", key: newKey }]));
    await reloadNginx(door.nginx, door.directory, process.env);
    expect([await status(KEY), await status(newKey)]).toEqual([401, 404]);
    // the workers with the old keys stay for as long as the stream does
    for (let second = 0; second < 3; second += 1) {
      await delay(1000);
      await pass(stream, "still here\n");
    }
    const ended = once(stream.incoming, "end");
    stream.incoming.resume();
    stream.engine.end();
    await ended;
    expect(stream.incoming.complete).toBe(true);
    const logs = await door.logs();
    expect([logs.includes(KEY), logs.includes(newKey)]).toEqual([false, false]);
  });

  it("goes on where a changed configuration is refused, and so do the keys", async () => {
    const stream = await begin();
    const keys = join(door.directory, "keys.nginx");
    await appendFile(keys, `"~^${KEY}(" app;\n`);
    const message = await reloadNginx(door.nginx, door.directory, process.env).catch(
      (error: unknown) => String(error),
    );
    expect(message).toContain("refuses the door's configuration");
    expect(message).not.toContain(KEY);
    expect(await status(KEY)).toBe(404);
    await pass(stream, "still here\n");
    stream.engine.end();
  });

  it("is not looked for where no nginx of ours runs, whatever the file says", async () => {
    const file = join(door.directory, "nginx.pid");
    const pid = await readFile(file, "utf8");
    try {
      await writeFile(file, String(process.pid));
      await expect(reloadNginx(door.nginx, door.directory, process.env)).rejects.toThrow(
        "start the door first",
      );
      await rm(file);
      await expect(nginxReopen(door.nginx, door.directory, process.env)).rejects.toThrow(
        "start the door first",
      );
    } finally {
      await writeFile(file, pid);
    }
  });

  it("is logged anew where the file was put aside, for its owner only", async () => {
    const log = join(door.directory, "access.log");
    await status(KEY);
    await rename(log, `${log}.1`);
    await nginxReopen(door.nginx, door.directory, process.env);
    await waitUntil("a line in the new log", async () => {
      await status(KEY);
      return (await readFile(log, "utf8")).includes("/api/blobs");
    });
    expect((await stat(log)).mode & 0o077).toBe(0);
    expect(await readFile(`${log}.1`, "utf8")).toContain("/api/blobs");
  });
});

function isIncoming(value: unknown): value is IncomingMessage {
  return typeof value === "object" && value !== null && "statusCode" in value;
}
