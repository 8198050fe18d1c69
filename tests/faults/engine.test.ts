/** Every fault of the demo engine, in every dialect. */
import { afterAll, describe, expect, it } from "vitest";
import type { Fault } from "../../gateway/demo/controls.ts";
import { startDemoEngine } from "../../gateway/demo/server.ts";
import { clientTakesFor } from "./clients.ts";
import { APP_JSON, APP_STREAM, DIALECTS, DOCUMENTS, STREAMS } from "./dialects.ts";
import { answerOf, commonOutcome } from "./outcome.ts";
import { openRelay } from "./relay.ts";
import { faultTable } from "./report.ts";

const AT_ONCE = String(DIALECTS.length);
const engine = await startDemoEngine({
  controls: { parallel: DIALECTS.length, tokensPerSecond: Infinity, loadMs: 0, readMs: 0 },
});
const relay = await openRelay(engine.url, {
  MAX_ACTIVE: AT_ONCE,
  FIRST_TOKEN_SECONDS: "1",
  IDLE_SECONDS: "1",
});
const COLUMNS = ["app stream", "app JSON", "other streams", "other JSON"] as const;
const addRow = faultTable("The engine's faults", COLUMNS);

afterAll(() => engine.close());

/** A fault, and what is told in the order of the columns. */
type EngineRow = readonly [fault: Fault, ...Told];
type Told = readonly [string, string, string, string];

const LATE = "in-band first_token_timeout";
const SILENT = "504 first_token_timeout";

const COMPLETE: Told = ["complete", "complete", "complete", "complete"];

/** What is told when the stream has begun, and when it has not. */
const begun = (code: string, status: number): Told => [
  `in-band ${code}`,
  `${status} ${code}`,
  `in-band ${code}`,
  `${status} ${code}`,
];
const early = (code: string, status: number): Told => [
  `in-band ${code}`,
  `${status} ${code}`,
  `${status} ${code}`,
  `${status} ${code}`,
];
/** OpenAI's and Anthropic's streams of Ollama's swallow the error: they just end (WIRE.md). */
const RUNNER_DIED: Told = [
  "in-band ollama_failed",
  "502 ollama_failed",
  "in-band interrupted (Ollama chat: in-band ollama_failed, Ollama generate: in-band ollama_failed)",
  "502 ollama_failed",
];
/** As a document /v1/responses says `completed` whatever happened: nobody can tell. */
const [UI, APP, STREAM, JSON_ERROR] = begun("interrupted", 502);
const END_MISSING: Told = [UI, APP, STREAM, `${JSON_ERROR} (OpenAI responses JSON: complete)`];

const ROWS: readonly EngineRow[] = [
  [{ kind: "none" }, ...COMPLETE],
  [{ kind: "busy" }, ...early("ollama_busy", 503)],
  [{ kind: "fail" }, ...early("ollama_failed", 502)],
  [{ kind: "slow-headers", forMs: 60_000 }, ...early("first_token_timeout", 504)],
  [{ kind: "slow-headers", forMs: 100 }, ...COMPLETE],
  [{ kind: "stall", afterTokens: 0 }, LATE, SILENT, SILENT, SILENT],
  // A document shows no token before its last.
  [
    { kind: "stall", afterTokens: 3 },
    "in-band idle_timeout",
    "504 idle_timeout",
    "in-band idle_timeout",
    SILENT,
  ],
  [{ kind: "stall", afterTokens: 3, forMs: 100 }, ...COMPLETE],
  [{ kind: "cut-mid-line", afterTokens: 0 }, ...begun("interrupted", 502)],
  [{ kind: "cut-mid-line", afterTokens: 3 }, ...begun("interrupted", 502)],
  [{ kind: "cut-mid-character", afterTokens: 0 }, ...begun("interrupted", 502)],
  [{ kind: "cut-mid-character", afterTokens: 3 }, ...begun("interrupted", 502)],
  [{ kind: "error-line", afterTokens: 0 }, ...early("ollama_failed", 502)],
  [{ kind: "error-line", afterTokens: 3 }, ...RUNNER_DIED],
  [{ kind: "end-without-done", afterTokens: 0 }, ...END_MISSING],
  [{ kind: "end-without-done", afterTokens: 3 }, ...END_MISSING],
];

function nameOf({ kind, afterTokens, forMs }: Fault): string {
  const after = afterTokens === undefined ? "" : ` after ${afterTokens} tokens`;
  return `${kind}${after}${forMs === undefined ? "" : ` for ${forMs} ms`}`;
}

describe.each(ROWS)("%o", (fault, ...expected) => {
  it("is told to each caller in its own words", async () => {
    engine.controls.fault = fault;
    const groups = [[APP_STREAM], [APP_JSON], STREAMS, DOCUMENTS];
    const answers = await Promise.all(
      groups.map((group) => Promise.all(group.map((dialect) => answerOf(relay, dialect)))),
    );
    const outcomes = answers.map(commonOutcome);
    addRow([nameOf(fault), ...outcomes]);
    expect(outcomes).toEqual(expected);
    for (const answer of answers.flat()) {
      const isComplete = answer.outcome === "complete";
      const taken = await clientTakesFor(answer);
      expect
        .soft([answer.dialect.name, taken])
        .toEqual([answer.dialect.name, isComplete ? "an answer" : "an error"]);
    }
  });
});
