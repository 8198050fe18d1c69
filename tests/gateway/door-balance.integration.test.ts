/** Several Ollamas behind one door: one dies and one slows down in the middle of a run. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DemoEngine, startDemoEngine } from "../../gateway/demo/server.ts";
import { CADDIES, type CaddyPart, type Door, startDoor } from "../helpers/door.ts";
import { startEcho } from "../helpers/echo.ts";
import { freePort } from "../helpers/free-port.ts";
import { knock } from "../helpers/knock.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const KEY = randomBytes(32).toString("hex");
const WAVE = 18;
/** Longer than any connection's buffers: what a door had begun to send could not be sent again. */
const PADDING = "x".repeat(300_000);

interface Outcome {
  readonly number: number;
  readonly status: number;
  readonly body: string;
}

let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

async function startEngines(): Promise<[DemoEngine, DemoEngine, DemoEngine]> {
  const start = async (): Promise<DemoEngine> => {
    const controls = { parallel: 100, loadMs: 0, readMs: 0, tokens: 10, tokensPerSecond: 40 };
    const engine = await startDemoEngine({ controls });
    stack.defer(() => engine.close());
    return engine;
  };
  return [await start(), await start(), await start()];
}

async function openDoor(
  part: CaddyPart,
  upstreams: readonly string[],
  mutate?: (caddyfile: string) => string,
): Promise<Door> {
  const [ollamaUrl = ""] = upstreams;
  const options = { ollamaUrl, key: KEY, part, spec: { upstreams } };
  const door = await startDoor(mutate === undefined ? options : { ...options, mutate });
  stack.defer(() => door.close());
  return door;
}

/** One streamed POST, known by its number at door and engine alike. Status 0: broken off without one. */
async function chat(door: Door, number: number, signal?: AbortSignal): Promise<Outcome> {
  try {
    const response = await fetch(`${door.url}/api/chat`, {
      method: "POST",
      headers: { "X-API-Key": KEY, "X-Number": String(number) },
      body: JSON.stringify({
        model: "latchkey-demo",
        messages: [
          { role: "system", content: PADDING },
          { role: "user", content: "Say something." },
        ],
      }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { number, status: response.status, body: await response.text() };
  } catch {
    return { number, status: 0, body: "" };
  }
}

const wave = (door: Door, from: number): Promise<Outcome>[] =>
  Array.from({ length: WAVE }, (_, index) => chat(door, from + index));

const isWhole = ({ status, body }: Outcome): boolean =>
  status === 200 && body.includes('"done":true');

/** The numbers of what each engine was asked, in order. */
const asked = (engines: readonly DemoEngine[]): number[] =>
  engines.flatMap(({ requests }) => requests.map(({ headers }) => Number(headers["x-number"])));

/** A run in which the first engine dies and the second slows down; everything that came of it. */
async function run(door: Door, engines: readonly [DemoEngine, DemoEngine, DemoEngine]) {
  const [dying, slowing] = engines;
  // What the first one has is still in prefill when it dies.
  dying.controls.delayBeforeFirstTokenMs = 600_000;
  const before = wave(door, 0);
  await waitUntil("the first wave to arrive", () => asked(engines).length === WAVE);
  const had = engines.map(({ requests }) => requests.length);
  slowing.controls.tokensPerSecond = 4;
  await dying.close();
  const during = wave(door, 100);
  const outcomes = await Promise.all([...before, ...during]);
  const reached = asked(engines);
  return {
    had,
    outcomes,
    lost: outcomes.filter((one) => !isWhole(one) && !reached.includes(one.number)),
    doubled: reached.filter((number, index) => reached.indexOf(number) !== index),
    ofTheDead: outcomes.filter(({ number }) => asked([dying]).includes(number)),
  };
}

/** What is lost when an engine dies at rest, so that only the next connection finds it out. */
async function runAfterUnseenDeath(
  door: Door,
  engines: readonly [DemoEngine, DemoEngine, DemoEngine],
): Promise<Outcome[]> {
  await engines[0].close();
  const outcomes = await Promise.all(wave(door, 0));
  return outcomes.filter((one) => !isWhole(one));
}

const READ_FIRST = /\t+@posted .*\n\t+route @posted \{\n(?:\t{3}.*\n)*\t\t\}\n/;

/** Announces more than it sends, and leaves when the door has begun to deal with it. */
async function leaveWhileSending(door: Door): Promise<void> {
  const socket = connect(door.port, "127.0.0.1");
  await once(socket, "connect");
  const head = `POST /api/chat HTTP/1.1\r\nHost: door\r\nX-API-Key: ${KEY}\r\n`;
  const before = await countAnswered(door);
  socket.write(`${head}Content-Length: 100000\r\nExpect: 100-continue\r\n\r\n`);
  // It says so when somebody begins to read the body.
  await once(socket, "data");
  socket.end("{");
  socket.destroy();
  await waitUntil("the door to be done with it", async () => (await countAnswered(door)) > before);
}

/** A body of unannounced length, with a trailer; the beginning of the answer. */
async function sendChunks(door: Door, start: string): Promise<string> {
  const socket = connect(door.port, "127.0.0.1");
  await once(socket, "connect");
  const head = `${start} HTTP/1.1\r\nHost: door\r\nX-API-Key: ${KEY}\r\n`;
  const body = `2\r\n{}\r\n0\r\nX-Late: ${KEY}\r\n\r\n`;
  socket.write(`${head}Transfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n${body}`);
  const [answer]: unknown[] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}

/** So many requests stand in the door's access log. */
async function countAnswered(door: Door): Promise<number> {
  const log = await readFile(join(door.directory, "access.log"), "utf8");
  return log.split("\n").length;
}

/** Lines without which a door loses requests. */
const NEEDED: Readonly<Record<CaddyPart, readonly (readonly [string, RegExp])[]>> = {
  caddy: [
    ["the further tries", /\t+lb_try_duration .*\n/],
    ["the body read first", READ_FIRST],
  ],
  caddyCurrent: [["the further tries", /\t+lb_try_duration .*\n/]],
};

describe.each(CADDIES)("three Ollamas, by %s", (part) => {
  describe.skipIf(parts[part] === undefined)("behind one door", () => {
    it("lose no request that had not reached one, and the others are told a 502", async () => {
      const engines = await startEngines();
      const door = await openDoor(
        part,
        engines.map(({ url }) => url),
      );
      const { had, outcomes, lost, doubled, ofTheDead } = await run(door, engines);
      expect(Math.min(...had)).toBeGreaterThan(WAVE / 6);
      expect(lost).toEqual([]);
      expect(doubled).toEqual([]);
      expect(ofTheDead.map(({ status, body }) => ({ status, body }))).toEqual(
        Array.from({ length: had[0] ?? 0 }, () => ({ status: 502, body: "" })),
      );
      expect(outcomes.filter((one) => !isWhole(one))).toEqual(ofTheDead);
    });

    it("are asked least where it takes longest", async () => {
      const engines = await startEngines();
      const [fast, slow, alsoFast] = engines;
      slow.controls.tokensPerSecond = 8;
      const door = await openDoor(
        part,
        engines.map(({ url }) => url),
      );
      const client = async (first: number): Promise<void> => {
        for (let number = first; number < first + 6; number += 1) await chat(door, number);
      };
      await Promise.all([0, 100, 200, 300, 400, 500].map((first) => client(first)));
      expect(asked(engines)).toHaveLength(36);
      const counts = [fast, slow, alsoFast].map(({ requests }) => requests.length);
      expect(counts[1]).toBeLessThan(Math.min(counts[0] ?? 0, counts[2] ?? 0));
    });

    it("are not taken for dead because callers left", async () => {
      const engines = await startEngines();
      const door = await openDoor(
        part,
        engines.map(({ url }) => url),
      );
      for (const { controls } of engines) controls.delayBeforeFirstTokenMs = 600_000;
      const leaving = new AbortController();
      const gone = [1, 2, 3, 4, 5, 6].map((number) => chat(door, number, leaving.signal));
      await waitUntil("them to arrive", () => asked(engines).length === 6);
      leaving.abort();
      await Promise.all(gone);
      await waitUntil("the engines to be left", () =>
        engines.every(({ requests }) => requests.every(({ closedAt }) => closedAt !== undefined)),
      );
      for (const { controls } of engines) controls.delayBeforeFirstTokenMs = 0;
      const outcomes = await Promise.all(wave(door, 100));
      expect(outcomes.filter((one) => !isWhole(one))).toEqual([]);
      for (const engine of engines)
        expect(asked([engine]).filter((number) => number >= 100)).not.toEqual([]);
    });

    it("are not taken for dead because callers left while sending", async () => {
      const echoes = [await startEcho(), await startEcho()];
      for (const echo of echoes) stack.defer(() => echo.close());
      const upstreams = echoes.map(({ url }) => url);
      /** Whether the door gives its Ollamas up before so many have left. */
      const givesUp = async (door: Door, leaving: number): Promise<boolean> => {
        for (let time = 0; time < leaving; time += 1) {
          await leaveWhileSending(door);
          const headers = [`X-API-Key: ${KEY}`];
          const { status } = await knock(door.port, { target: "/api/tags", headers });
          if (status === 503) return true;
        }
        return false;
      };
      expect(await givesUp(await openDoor(part, upstreams), 12)).toBe(false);
      // An older one notices that they left before it notices that the body is not whole.
      if (part === "caddy") return;
      const mutate = (file: string): string => file.replace(READ_FIRST, "");
      expect(await givesUp(await openDoor(part, upstreams, mutate), 60)).toBe(true);
    });

    it("are sent no body of unannounced length, nor half a one", async () => {
      const echoes = [await startEcho(), await startEcho()];
      for (const echo of echoes) stack.defer(() => echo.close());
      const door = await openDoor(
        part,
        echoes.map(({ url }) => url),
      );
      const seen = (): number => echoes.reduce((sum, { requests }) => sum + requests.length, 0);
      expect(await sendChunks(door, "POST /api/chat")).toContain(" 411 ");
      for (let time = 0; time < 5; time += 1) await leaveWhileSending(door);
      expect(seen()).toBe(0);
      expect((await chat(door, 1)).status).toBe(200);
      expect(seen()).toBe(1);
    });

    it("are sent no trailers, be it after a GET", async () => {
      const trailers: string[] = [];
      const start = async (): Promise<string> => {
        const echo = await startEcho((outgoing, { rawTrailers }) => {
          trailers.push(...rawTrailers);
          outgoing.end();
        });
        stack.defer(() => echo.close());
        return echo.url;
      };
      const door = await openDoor(part, [await start(), await start()]);
      for (const head of ["POST /api/chat", "GET /api/tags"]) await sendChunks(door, head);
      expect(trailers).toEqual([]);
    });

    it("are not asked twice what one had read, be it a GET", async () => {
      const first = await startEcho((outgoing) => void outgoing.destroy());
      stack.defer(() => first.close());
      const second = await startEcho((outgoing) => void outgoing.destroy());
      stack.defer(() => second.close());
      const door = await openDoor(part, [first.url, second.url]);
      const headers = [`X-API-Key: ${KEY}`];
      expect((await knock(door.port, { target: "/api/tags", headers })).status).toBe(502);
      expect(first.requests.length + second.requests.length).toBe(1);
    });

    it("are told to be unreachable when all are", async () => {
      const ports = [await freePort(), await freePort()];
      const door = await openDoor(
        part,
        ports.map((port) => `http://127.0.0.1:${port}`),
      );
      const { status, body } = await chat(door, 1);
      expect([502, 503]).toContain(status);
      expect(body).toBe("");
    });

    it("lose none that finds out a death by itself, each POST whole at another", async () => {
      const engines = await startEngines();
      const door = await openDoor(
        part,
        engines.map(({ url }) => url),
      );
      expect(await runAfterUnseenDeath(door, engines)).toEqual([]);
      expect(asked(engines).toSorted((one, other) => one - other)).toEqual(
        Array.from({ length: WAVE }, (_, index) => index),
      );
    });

    it.each(NEEDED[part])("would be seen to lose requests without %s", async (_, line) => {
      const engines = await startEngines();
      const door = await openDoor(
        part,
        engines.map(({ url }) => url),
        (file) => file.replace(line, ""),
      );
      expect(await runAfterUnseenDeath(door, engines)).not.toEqual([]);
    });
  });
});
