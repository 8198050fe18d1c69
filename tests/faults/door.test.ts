/** What can stand in the door's place, and what the door itself can do, in every dialect. */
import type { Socket } from "node:net";
import { afterAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../helpers/free-port.ts";
import { DIALECTS } from "./dialects.ts";
import { DOOR_FAULTS } from "./door-faults.ts";
import { openFaultyDoor, type Strike } from "./faulty-door.ts";
import { answerOf, commonOutcome, type Answer } from "./outcome.ts";
import { openRelay, type Relay } from "./relay.ts";
import { faultTable } from "./report.ts";

const SETTINGS = {
  MAX_ACTIVE: String(DIALECTS.length),
  FIRST_TOKEN_SECONDS: "1",
  IDLE_SECONDS: "1",
};
const door = await openFaultyDoor();
/** One that has never seen its door well: the list of models is asked for each time. */
const stranger = await openRelay(door.url, SETTINGS);
/** One that knows the models already. */
const acquainted = await openRelay(door.url, SETTINGS);
const addRow = faultTable("The door's faults", ["", "from the first question", "at the model"]);

afterAll(() => door[Symbol.asyncDispose]());

const HELLO = '{"message":{"content":"Hi"},"response":"Hi","done":true,"done_reason":"stop"}\n';

function askAll(relay: Relay): Promise<Answer[]> {
  return Promise.all(DIALECTS.map((dialect) => answerOf(relay, dialect)));
}

/** The links that the dialects with a place for it name. */
function linksOf(answers: readonly Answer[]): readonly string[] {
  return [...new Set(answers.flatMap(({ link }) => link ?? []))];
}

/** The stream of our own route has begun by then; nothing else has. */
const atModel = (status: number, code: string): string =>
  `${status} ${code} (app stream: in-band ${code})`;

it("a door that is well is told apart", async () => {
  door.strike((_request, response) => response.end(HELLO), "at the model");
  const answers = await askAll(acquainted);
  const ollamas = answers.filter(({ dialect }) => /^(app|Ollama)/.test(dialect.name));
  expect(commonOutcome(ollamas)).toBe("complete");
});

describe.each(DOOR_FAULTS)("$name", ({ name, strike, code, status, link }) => {
  it(`is ${code}`, async () => {
    door.strike(strike, "everywhere");
    const first = await askAll(stranger);
    door.strike(strike, "at the model");
    const later = await askAll(acquainted);
    addRow([name, link, commonOutcome(first), commonOutcome(later)]);
    expect(commonOutcome(first)).toBe(`${status} ${code}`);
    expect(linksOf(first)).toEqual([link]);
    expect(commonOutcome(later)).toBe(atModel(status, code));
    // /health answers then: a reset connection was Ollama's.
    expect(linksOf(later)).toEqual([code === "interrupted" ? "ollama" : link]);
    const retry = first.filter(({ headers }) => headers.has("retry-after"));
    expect(retry.length).toBe(status === 503 ? DIALECTS.length : 0);
  });
});

describe("a door that takes the connection and says nothing", () => {
  const silence: Strike = () => {};

  it("is told to be up, and Ollama not", async () => {
    door.strike(silence, "everywhere");
    const answers = await askAll(stranger);
    addRow(["accepts, then silence", "ollama", commonOutcome(answers), ""]);
    expect(commonOutcome(answers)).toBe("502 ollama_unreachable");
  });

  it("is the model's lateness when only the model's answer is missing, and is let go", async () => {
    door.strike(silence, "at the model");
    const answers = await askAll(acquainted);
    addRow(["accepts, then silence", "ollama", "", commonOutcome(answers)]);
    expect(commonOutcome(answers)).toBe(atModel(504, "first_token_timeout"));
    await vi.waitFor(() => expect(door.openCount()).toBe(0));
  });
});

it("a door that was started anew is asked again over a new connection, not an old one", async () => {
  const old = new Set<Socket>();
  door.strike(({ socket }, response) => {
    old.add(socket);
    response.end(HELLO);
  }, "at the model");
  const ollamas = DIALECTS.filter(({ name }) => /^(app|Ollama)/.test(name));
  const askOllamas = () => Promise.all(ollamas.map((dialect) => answerOf(acquainted, dialect)));
  await askOllamas();
  door.strike(({ socket }, response) => {
    if (old.has(socket)) socket.destroy();
    else response.end(HELLO);
  }, "at the model");
  const answers = await askOllamas();
  addRow(["all kept connections are dead", "", "", commonOutcome(answers)]);
  expect(commonOutcome(answers)).toBe("complete");
});

/** Doors that cannot even be spoken to, by their address. */
const UNREACHABLE = [
  [
    "a closed port",
    async () => `http://127.0.0.1:${await freePort()}`,
    "door_refused_connection",
    "door",
  ],
  [
    "a name without an address",
    async () => "https://no-such-home.invalid",
    "home_unreachable",
    "network",
  ],
  [
    "https to a door that speaks http",
    async () => door.url.replace("http:", "https:"),
    "door_tls",
    "door",
  ],
] as const;

describe.each(UNREACHABLE)("%s", (name, address, code, link) => {
  it(`is ${code}`, async () => {
    const answers = await askAll(await openRelay(await address(), SETTINGS));
    addRow([name, link, commonOutcome(answers), ""]);
    expect(commonOutcome(answers)).toBe(`502 ${code}`);
    expect(linksOf(answers)).toEqual([link]);
  });
});
