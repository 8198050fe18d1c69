import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { array, assert, asyncProperty, constantFrom, type Arbitrary } from "fast-check";
import { NextRequest } from "next/server";
import { monitorEventLoopDelay } from "node:perf_hooks";
import pino from "pino";
import { afterAll, afterEach, expect, vi } from "vitest";
import { hashKey } from "../../lib/access-keys.ts";
import { tellBelow } from "../faults/report.ts";
import { makeCredentials } from "../helpers/credentials.ts";
import { settleLater } from "../helpers/later.ts";
import { badAnswers, MARK, QUOTED } from "./bad-answers.ts";
import { MODEL_SETTINGS, openCheckingDoor } from "./checking-door.ts";
import { requests, type Sent } from "./nasty-requests.ts";

/** Sent at once: to wait for the door costs most. */
const AT_ONCE = 16;
/** What a campaign may hold more at its end than after its first tenth. */
const GROWTH_MEBIBYTES = 8;
/** No body may hold up everybody else: this is no measure of speed, what is quadratic takes many seconds. */
const PAUSE_SECONDS = 3;

/** What is sent where, and how often. */
export interface Campaign {
  readonly paths: readonly string[];
  readonly method?: "GET" | "HEAD" | "POST" | "OPTIONS" | "DELETE";
  readonly body: Arbitrary<unknown>;
  readonly handle: (request: NextRequest, path: string) => Promise<Response>;
  readonly count: number;
  /** So many at least should be good enough for the door, or the generators are no good. */
  readonly least: number;
}

export interface Fuzzer {
  readonly accessKey: string;
  /**
   * Sends them, most as the owner and some as a stranger, and asserts of every answer and of all that reached the
   * door what has to hold.
   * @returns how many reached the door
   */
  readonly fuzz: (campaign: Campaign) => Promise<number>;
}

function heapMebibytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("no garbage collector to call");
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** All that comes; one that is broken off after its last words ends there. */
async function textOf(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of body ?? []) pieces.push(piece);
  } catch (thrown) {
    if (!(thrown instanceof DOMException) || thrown.name !== "AbortError") throw thrown;
  }
  return Buffer.concat(pieces).toString("utf8");
}

async function sendOne(
  { method = "POST", handle }: Campaign,
  path: string,
  sent: Sent,
  isBadDoor: boolean,
) {
  const request = new NextRequest(`http://app.example${path}`, {
    method,
    headers: sent.headers.map(([name, value]): [string, string] => [name, value]),
    ...(method === "GET" || method === "HEAD" ? {} : { body: Buffer.from(sent.body, "latin1") }),
  });
  const { status, headers, body } = await handle(request, path);
  const text = await textOf(body);
  // Of a door that did nothing wrong whatever fails is of our own making, in-band as well.
  const isOurs = isBadDoor ? OURS.test(text) : status >= 500 || FAILURE.test(text);
  const isTold = HIDDEN.test(text) || text.includes(MARK);
  const isNamed = /^[\w-]{8,64}$/.test(headers.get("x-request-id") ?? "");
  if (isOurs || isTold || !isNamed) throw new Error(`${status} ${text.slice(-400)}`);
}

/** Models that nobody here may use, and so are not told of. */
const HIDDEN = /secret:latest|big:cloud/;
const OURS = /"code":"internal"/;
const FAILURE = /"code":"(?:internal|interrupted|ollama_failed)"|"type":"error"[^}]*api_error/;

/**
 * A door that checks what reaches it, and the environment for a relay: load that one afterwards.
 *
 * @param options.badDoor whether the door's own answers are bad ones: then no word of them may be told or logged
 */
export async function prepareFuzzer({ badDoor = false } = {}): Promise<Fuzzer> {
  const { doorKey, accessKey, appEnv } = makeCredentials();
  const door = await openCheckingDoor(doorKey, badDoor ? badAnswers() : undefined);
  const settings = {
    OLLAMA_BASE_URL: door.url,
    OLLAMA_API_KEY: doorKey,
    ...appEnv,
    ...MODEL_SETTINGS,
    PUBLIC_ACCESS: "true",
    REQUESTS_PER_MINUTE: "0",
    REQUESTS_PER_MINUTE_GUEST: "0",
    TOKENS_PER_DAY_GUEST: "0",
    MAX_ACTIVE: String(AT_ONCE),
    MAX_BODY_BYTES: "200000",
    ALLOWED_ORIGINS: "https://friend.example",
    TRUSTED_PROXY: "vercel",
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const told: string[] = [];
  vi.doMock("../../lib/log.ts", () => ({
    log: pino(
      { base: null, level: badDoor ? "debug" : "silent" },
      { write: (line: string) => line.includes(QUOTED) && told.push(line) },
    ),
  }));
  const { readConfig } = await import("../../lib/config.ts");
  const { sealSession } = await import("../../lib/session.ts");
  const session = await sealSession(readConfig(), { hash: hashKey(accessKey) });
  const identity = { accessKey, session };
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => void rejections.push(reason);
  process.on("unhandledRejection", note);
  afterEach(() => expect(rejections).toEqual([]));
  afterAll(async () => {
    process.off("unhandledRejection", note);
    await door[Symbol.asyncDispose]();
  });

  async function run(campaign: Campaign, role: "owner" | "guest", count: number): Promise<void> {
    const one = requests(campaign.body, role === "owner" ? identity : undefined);
    const several = array(one, { minLength: AT_ONCE, maxLength: AT_ONCE });
    const property = asyncProperty(constantFrom(...campaign.paths), several, async (path, sent) => {
      door.expectFrom(role);
      // All of them, so that none of a failed run is still under way in the next.
      const outcomes = await Promise.allSettled(
        sent.map((each) => sendOne(campaign, path, each, badDoor)),
      );
      await settleLater();
      expect(outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason] : []))).toEqual(
        [],
      );
      expect(door.complaints).toEqual([]);
      expect(told.splice(0)).toEqual([]);
    });
    await assert(property, { numRuns: Math.ceil(count / AT_ONCE) });
  }

  async function fuzz(campaign: Campaign): Promise<number> {
    const before = door.bodyCount();
    const { count } = campaign;
    const pauses = monitorEventLoopDelay({ resolution: 10 });
    pauses.enable();
    await run(campaign, "owner", count * 0.07);
    await run(campaign, "guest", count * 0.03);
    const afterTenth = heapMebibytes();
    await run(campaign, "owner", count * 0.63);
    await run(campaign, "guest", count * 0.27);
    const growth = heapMebibytes() - afterTenth;
    expect(growth).toBeLessThan(GROWTH_MEBIBYTES);
    pauses.disable();
    const pause = pauses.max / 1e9;
    expect(pause).toBeLessThan(PAUSE_SECONDS);
    const bodies = door.bodyCount() - before;
    tellBelow(
      `Fuzzed, ${count} to ${campaign.paths.length} paths: ${bodies} reached the door; heap ${afterTenth.toFixed(1)} MiB after the first tenth, ${growth.toFixed(1)} MiB more at the end; longest pause ${pause.toFixed(2)} s\n`,
    );
    return bodies;
  }
  return { accessKey, fuzz };
}
