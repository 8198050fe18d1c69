/** What goes wrong when a surface has waited so long that its answer has begun: only the stream can tell it. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, it, vi } from "vitest";
import { APP_STREAM, DIALECTS, STREAMS } from "./dialects.ts";
import { openFaultyDoor, type Strike } from "./faulty-door.ts";
import { answerOf, commonOutcome } from "./outcome.ts";
import { openRelay, type Relay } from "./relay.ts";
import { faultTable } from "./report.ts";

/** After the ten seconds for which a status is still held back. */
const LATE_MS = 10_300;
const addRow = faultTable("Late, after the first heartbeat", ["streams"]);

const late =
  (strike: Strike): Strike =>
  (request, response) =>
    void delay(LATE_MS).then(() => strike(request, response));

const SETTINGS = { MAX_ACTIVE: String(DIALECTS.length), FIRST_TOKEN_SECONDS: "11" };
const nothing: Strike = () => {};

/** Each by a relay and a door of its own, all at once. */
const ROWS: readonly (readonly [string, string, Strike])[] = [
  [
    "503, empty",
    "in-band ollama_unreachable",
    (_request, response) => response.writeHead(503).end(),
  ],
  ["reset", "in-band interrupted", ({ socket }) => void socket.resetAndDestroy()],
  ["nothing", "in-band first_token_timeout", nothing],
];

const doors = await Promise.all(ROWS.map(() => openFaultyDoor(false)));
const relays: Relay[] = [];
for (const door of doors) relays.push(await openRelay(door.url, SETTINGS));
const busyDoor = await openFaultyDoor();
const busy = await openRelay(busyDoor.url, { MAX_ACTIVE: "1", MAX_WAIT_SECONDS: "11" });
afterAll(() => Promise.all([...doors, busyDoor].map((door) => door[Symbol.asyncDispose]())));

async function askStreams(relay: Relay | undefined): Promise<string> {
  if (relay === undefined) throw new Error("no relay");
  return commonOutcome(await Promise.all(STREAMS.map((dialect) => answerOf(relay, dialect))));
}

/** Somebody else has the place all the time. */
async function askQueued(): Promise<string> {
  busyDoor.strike(nothing, "at the model");
  const first = await busy.ask(APP_STREAM);
  await vi.waitFor(() => expect(busyDoor.openCount()).toBe(1));
  const outcome = await askStreams(busy);
  await first.body?.cancel();
  return outcome;
}

it("is told in-band, in each dialect's own words", { timeout: 30_000 }, async () => {
  const told = doors.map(async (door, index) => {
    door.strike(late(ROWS[index]?.[2] ?? nothing), "at the model");
    return askStreams(relays[index]);
  });
  const queued = askQueued();
  const outcomes = await Promise.all([...told, queued]);
  const rows = [...ROWS.map(([name]) => name), "no place at the model"];
  for (const [index, name] of rows.entries()) addRow([name, outcomes[index] ?? ""]);
  expect(outcomes).toEqual([...ROWS.map(([, outcome]) => outcome), "in-band queue_timeout"]);
});
