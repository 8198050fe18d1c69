/** The running door takes its files anew, over its socket, while streams go on. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reloadCaddy } from "../../gateway/caddy.ts";
import { CADDIES, type Door, startDoor } from "../helpers/door.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { knock } from "../helpers/knock.ts";
import { parts } from "../helpers/parts.ts";

const KEY = randomBytes(32).toString("hex");
const NEW_KEY = randomBytes(32).toString("hex");
/** Three seconds of stream, which outlasts several reloads. */
const PIECES = 30;
const EVERY_MS = 100;

const isHere = (part: (typeof CADDIES)[number]): boolean =>
  parts[part] !== undefined && process.platform !== "win32";

describe.each(CADDIES)("a reload, by %s", (part) => {
  describe.skipIf(!isHere(part))("of a running door", () => {
    let echo: Echo;
    let door: Door;

    beforeEach(async () => {
      echo = await startEcho((outgoing) => speak(outgoing));
      door = await startDoor({ ollamaUrl: echo.url, key: KEY, part });
    });
    afterEach(async () => {
      await door.close();
      await echo.close();
    });

    const keysFile = (): string => join(door.directory, "keys.caddy");
    const reload = (): Promise<void> => reloadCaddy(door.caddy, door.directory, process.env);
    const status = async (key: string): Promise<number> =>
      (await knock(door.port, { target: "/api/blobs", headers: [`X-API-Key: ${key}`] })).status;

    it("changes the keys at once, and leaves streams of seconds whole", async () => {
      const streams = [startStream(door), startStream(door), startStream(door)];
      await Promise.all(streams.map(({ begun }) => begun));
      const before = await readFile(keysFile(), "utf8");
      // What a rotation does: the new key beside the old one, then alone.
      await writeFile(keysFile(), `${before}${NEW_KEY} app\n`);
      await reload();
      expect([await status(KEY), await status(NEW_KEY)]).toEqual([404, 404]);
      await writeFile(keysFile(), before.replace(KEY, NEW_KEY));
      await reload();
      expect([await status(KEY), await status(NEW_KEY)]).toEqual([401, 404]);
      const ends = await Promise.all(streams.map(({ ended }) => ended));
      for (const { text, complete } of ends) {
        expect(complete).toBe(true);
        expect(text).toBe(Array.from({ length: PIECES }, (_, index) => `${index}\n`).join(""));
      }
      expect(ends.every(({ endedAfterMs }) => endedAfterMs > 2_000)).toBe(true);
    });

    it("refuses what cannot be used, without the key in its words, and the door goes on", async () => {
      await appendFile(keysFile(), `${KEY} app\n`);
      const message = await reload().catch((error: unknown) => String(error));
      expect(message).toContain("goes on as before");
      expect(message).toContain("duplicate input '...'");
      expect(message).not.toContain(KEY);
      expect(await status(KEY)).toBe(404);
    });

    it("says so when the door does not run", async () => {
      const place = await mkdtemp(join(tmpdir(), "latchkey-idle-"));
      try {
        for (const file of ["Caddyfile", "keys.caddy"])
          await copyFile(join(door.directory, file), join(place, file));
        const reloading = reloadCaddy(door.caddy, place, process.env);
        await expect(reloading).rejects.toThrow(/see that it runs.*admin\.sock/);
      } finally {
        await rm(place, { recursive: true, force: true });
      }
    });
  });
});

/** A piece each 100 ms, as a model writes. */
function speak(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { "content-type": "application/x-ndjson" });
  let index = 0;
  const timer = setInterval(() => {
    outgoing.write(`${index}\n`);
    index += 1;
    if (index < PIECES) return;
    clearInterval(timer);
    outgoing.end();
  }, EVERY_MS);
  outgoing.on("close", () => clearInterval(timer));
}

interface Ending {
  readonly text: string;
  readonly complete: boolean;
  readonly endedAfterMs: number;
}

/** `begun` when the first piece is here, `ended` with all of them. */
function startStream(door: Door): { begun: Promise<void>; ended: Promise<Ending> } {
  const begun = Promise.withResolvers<undefined>();
  const read = async (): Promise<Ending> => {
    const outgoing = request(`${door.url}/api/chat`, {
      method: "POST",
      headers: { "X-API-Key": KEY },
      agent: false,
    });
    outgoing.end("{}");
    const [incoming]: unknown[] = await once(outgoing, "response");
    if (!isIncoming(incoming)) throw new Error("no answer came");
    const startedAt = performance.now();
    let text = "";
    for await (const piece of incoming) {
      text += String(piece);
      begun.resolve(undefined);
    }
    return { text, complete: incoming.complete, endedAfterMs: performance.now() - startedAt };
  };
  const ended = read();
  ended.catch(begun.reject);
  return { begun: begun.promise, ended };
}

function isIncoming(value: unknown): value is IncomingMessage {
  return typeof value === "object" && value !== null && "statusCode" in value;
}
