import type { IncomingMessage } from "node:http";
import type { Config } from "./config.ts";
import { Deadlines } from "./deadlines.ts";
import { RelayError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { Tap } from "./tap.ts";
import { callDoor } from "./upstream.ts";

const PROBE_TIMEOUT_MS = 3_000;
const LET_GO_MS = 1_000;

/** What reads an answer's bytes. Whatever it throws ends the reading; a RelayError is told as it is. */
export interface AnswerReader {
  /** Takes one network read. @returns whether the reply is complete with it */
  take(bytes: Buffer): boolean;
  /** Nothing more comes. @returns whether the reply is complete */
  end(): boolean;
}

export interface ReadAnswer {
  readonly config: Config;
  readonly exchange: Exchange;
  readonly path: string;
  /** JSON. */
  readonly body: string;
  /** The door has answered: its headers, and the tap that back-pressure turns. */
  readonly onAnswer?: (answer: IncomingMessage, tap: Tap) => void;
  readonly reader: AnswerReader;
}

/**
 * Sends a request through the door and has its answer read as it comes, until it ends properly.
 * Throws RelayError (`interrupted` with its link when the end is missing), or the exchange's abort reason.
 */
export async function readAnswer(read: ReadAnswer): Promise<void> {
  const { config, exchange, path, body } = read;
  using deadlines = new Deadlines(exchange, config);
  try {
    const answer = await callDoor(config, { method: "POST", path, body, signal: exchange.signal });
    const tap = new Tap(answer);
    read.onAnswer?.(answer, tap);
    await pump(answer, tap, deadlines, read.reader);
  } catch (thrown) {
    exchange.signal.throwIfAborted();
    if (!(thrown instanceof RelayError) || thrown.code !== "interrupted") throw thrown;
    throw new RelayError("interrupted", { link: await brokenLink(config), cause: thrown.cause });
  }
}

/**
 * One listener a stream, no asynchronous step a token: that is what a token costs (DESIGN.md). Settled when the
 * reader says that the reply is complete, whatever becomes of the connection after it.
 */
function pump(
  answer: IncomingMessage,
  tap: Tap,
  deadlines: Deadlines,
  reader: AnswerReader,
): Promise<void> {
  let finished = false;
  return new Promise((resolve, reject) => {
    const broken = (cause: unknown) => reject(new RelayError("interrupted", { cause }));
    const guarded = (step: () => boolean) => {
      if (finished) return;
      try {
        finished = step();
      } catch (thrown) {
        finished = true;
        tap.close();
        answer.destroy();
        // The parser's own words quote the reply, which is not for the log.
        if (thrown instanceof RelayError) reject(thrown);
        else broken("a line that is no record");
        return;
      }
      if (!finished) return;
      resolve();
      tap.close();
      letGo(answer);
    };
    tap.open(
      (bytes) => guarded(() => reader.take(bytes)),
      () => deadlines.touch(tap),
    );
    answer.on("end", () => {
      tap.flush();
      guarded(() => reader.end());
      broken("the stream ended without its proper end");
    });
    const breakOff = (cause: unknown) => {
      tap.flush();
      tap.close();
      broken(cause);
    };
    answer.on("error", breakOff);
    answer.on("close", () => breakOff("the connection closed"));
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
