/** Answers that come piece by piece, and callers that leave. */
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { DemoControls } from "../../../gateway/demo/controls.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import type { Check, Room } from "./room.ts";
import { KEYS, KEY_LINES, withKey } from "./room.ts";
import { ask, type Line, PATIENCE_MS, postChat, within } from "./wire.ts";

async function arrives(line: Line, text: string): Promise<boolean> {
  try {
    const arrived = (): boolean => line.received().includes(text);
    await waitUntil(text, arrived, { timeoutMs: PATIENCE_MS, everyMs: 2 });
    return true;
  } catch {
    return false;
  }
}

/** Begins a streamed answer; each end in hand. */
async function begin(
  { door, behind }: Room,
  type: string,
): Promise<{ line: Line; answer: ServerResponse } | undefined> {
  const held = behind.hold();
  const line = await postChat(door.port, "{}", [withKey]);
  const answer = await within(held);
  if (answer === undefined) return undefined;
  answer.writeHead(200, { "Content-Type": type });
  answer.flushHeaders();
  return { line, answer };
}

export const noBuffering: Check = async (room) => {
  for (const type of ["application/x-ndjson", "text/event-stream"]) {
    const begun = await begin(room, type);
    if (begun === undefined) return "the request did not come through";
    const { line, answer } = begun;
    try {
      // Each is sent when the one before has arrived.
      for (const piece of ['{"a":1}\n', "half a li", "ne\n", "한", "글\n"]) {
        answer.write(piece);
        if (!(await arrives(line, piece))) return `${type}: ${JSON.stringify(piece)} was held back`;
      }
    } finally {
      answer.end();
      line.leave();
    }
  }
  return undefined;
};

interface Moment {
  readonly name: string;
  readonly controls: Partial<DemoControls>;
  /** Text that has arrived when the caller leaves; undefined: nothing has. */
  readonly after?: string;
}

const MOMENTS: readonly Moment[] = [
  { name: "in prefill", controls: { readMs: 60_000, fault: { kind: "none" } } },
  {
    name: "in mid-stream",
    controls: { readMs: 0, tokensPerSecond: 50, tokens: 100_000, fault: { kind: "none" } },
    after: '"content"',
  },
  {
    name: "in a stall",
    controls: { readMs: 0, tokensPerSecond: 500, fault: { kind: "stall", afterTokens: 2 } },
    after: '"content"',
  },
];

async function abortAt({ door, engine }: Room, moment: Moment): Promise<string | undefined> {
  Object.assign(engine.controls, moment.controls);
  const arrived = engine.next("served");
  const body = JSON.stringify({
    model: "latchkey-demo",
    messages: [{ role: "user", content: "Tell me a long story." }],
  });
  const line = await postChat(door.port, body, [withKey]);
  if ((await within(arrived)) === undefined)
    return `${moment.name}: the request did not come through`;
  if (moment.after !== undefined && !(await arrives(line, moment.after)))
    return `${moment.name}: no piece of the answer came: ${line.received().slice(0, 80)}`;
  const closed = engine.nextClosed();
  line.leave();
  const done = await within(closed);
  if (done === undefined) return `${moment.name}: the engine works on for a caller that has left`;
  return done.aborted ? undefined : `${moment.name}: the engine was not told`;
}

export const abortPropagates: Check = async (room) => {
  for (const moment of MOMENTS) {
    const wrong = await abortAt(room, moment);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
};

/** Longer than what cuts streams at a reload by habit: a grace of a second. */
const STREAM_PIECES = 10;
const PIECE_EVERY_MS = 250;

async function statusOf({ door }: Room, key: string): Promise<number> {
  const headers = [`X-API-Key: ${key}`];
  return (await ask(door.port, { target: "/api/nothing", headers })).status;
}

async function refusalOf(change: Promise<void>): Promise<string | undefined> {
  try {
    await change;
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

export const reloadKeepsStreams: Check = async (room) => {
  const { door } = room;
  const begun = await begin(room, "application/x-ndjson");
  if (begun === undefined) return "the request did not come through";
  const { line, answer } = begun;
  try {
    answer.write("before\n");
    if (!(await arrives(line, "before\n"))) return "the stream did not begin";
    const [, ...kept] = KEY_LINES;
    const refusal = await refusalOf(
      door.takeKeys(door.renderKeys([{ name: "app", key: KEYS.added }, ...kept])),
    );
    if (refusal !== undefined) return `the new keys: ${refusal}`;
    const statuses = [await statusOf(room, KEYS.added), await statusOf(room, KEYS.app)];
    if (statuses.join() !== "404,401") return `new key, old key: ${statuses.join()}`;
    for (let piece = 1; piece <= STREAM_PIECES; piece += 1) {
      const text = `piece ${piece} of the stream\n`;
      answer.write(text);
      if (!(await arrives(line, text)) || line.ended())
        return `the stream broke ${(piece * PIECE_EVERY_MS) / 1000} s after the change of keys`;
      // The model's pace.
      await delay(PIECE_EVERY_MS);
    }
    return undefined;
  } finally {
    answer.end();
    line.leave();
    await refusalOf(door.takeKeys(door.renderKeys(KEY_LINES)));
  }
};
