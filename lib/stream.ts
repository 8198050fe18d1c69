import type { IncomingMessage } from "node:http";
import type { Config } from "./config.ts";
import { Deadlines } from "./deadlines.ts";
import { RelayError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { callDoor } from "./upstream.ts";
import { LineSplitter } from "./wire/lines.ts";
import { parseRecord, type OllamaRecord } from "./wire/ollama-records.ts";

const PROBE_TIMEOUT_MS = 3_000;
const LET_GO_MS = 1_000;

export interface ReadRecords {
  readonly config: Config;
  readonly exchange: Exchange;
  /** The body of POST /api/chat. */
  readonly body: string;
  /** The door has answered; `pause` and `resume` on it are the back-pressure. */
  readonly onAnswer?: (answer: IncomingMessage) => void;
  /** Everything that one network read completed, in one call. */
  readonly onRecords: (records: readonly OllamaRecord[]) => void;
}

/**
 * Sends a chat through the door and hands on its records as they come, until the stream ends properly.
 * Throws RelayError (`interrupted` with its link when the end is missing), or the exchange's abort reason.
 */
export async function readRecords(read: ReadRecords): Promise<void> {
  const { config, exchange } = read;
  using deadlines = new Deadlines(exchange, config);
  try {
    const call = { method: "POST", path: "/api/chat", body: read.body } as const;
    const answer = await callDoor(config, { ...call, signal: exchange.signal });
    read.onAnswer?.(answer);
    await pump(answer, deadlines, read);
  } catch (thrown) {
    exchange.signal.throwIfAborted();
    if (!(thrown instanceof RelayError) || thrown.code !== "interrupted") throw thrown;
    throw new RelayError("interrupted", { link: await brokenLink(config), cause: thrown.cause });
  }
}

/**
 * One listener a stream, no asynchronous step a token: that is what a token costs (DESIGN.md). Settled by the
 * done record, whatever becomes of the connection after it.
 */
function pump(answer: IncomingMessage, deadlines: Deadlines, read: ReadRecords): Promise<void> {
  const lines = new LineSplitter();
  let finished = false;
  return new Promise((resolve, reject) => {
    const broken = (cause: unknown) => reject(new RelayError("interrupted", { cause }));
    const take = (complete: readonly string[]) => {
      if (finished || complete.length === 0) return;
      const records = complete.map((line) => parseRecord(line));
      const failure = records.find((record) => record.error !== undefined);
      read.onRecords(records);
      if (failure !== undefined) throw new RelayError("ollama_failed", { cause: failure.error });
      finished = records.some((record) => record.done === true);
      if (!finished) return;
      resolve();
      letGo(answer);
    };
    const guarded = (step: () => void) => {
      try {
        step();
      } catch (thrown) {
        answer.destroy();
        // The parser's own words quote the reply, which is not for the log.
        if (thrown instanceof RelayError) reject(thrown);
        else broken("a line that is no record");
      }
    };
    answer.on("data", (bytes: Buffer) => {
      deadlines.touch(answer);
      guarded(() => take(lines.push(bytes)));
    });
    answer.on("end", () => {
      guarded(() => take(lines.end()));
      broken("the stream ended without a done record");
    });
    answer.on("error", broken);
    answer.on("close", () => broken("the connection closed"));
  });
}

/** After the last record: the connection is kept for the next call if it ends as it should, else closed. */
function letGo(answer: IncomingMessage): void {
  answer.resume();
  const timer = setTimeout(() => answer.destroy(), LET_GO_MS);
  answer.once("close", () => clearTimeout(timer));
}

/** Which link a cut stream broke at: one question to the door's open path tells (CONTRACT.md). */
async function brokenLink(config: Config): Promise<"ollama" | "door" | "network"> {
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  try {
    const answer = await callDoor(config, { method: "GET", path: "/health", signal });
    answer.resume();
    return "ollama";
  } catch (thrown) {
    const refused = thrown instanceof RelayError && thrown.code === "door_refused_connection";
    return refused ? "door" : "network";
  }
}
