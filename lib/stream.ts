import type { IncomingMessage } from "node:http";
import type { Config } from "./config.ts";
import { Deadlines } from "./deadlines.ts";
import { RelayError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { countPieces, flushSoon, forget, type Gathering } from "./gather.ts";
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

/** So much is worth a step of its own: waiting for more would save nothing. */
const LARGE_BYTES = 32_768;
/** A stream that brings so many pieces in one moment is better read all at once. */
const DENSE_PIECES = 6;

/**
 * Takes an answer's bytes: small HTTP chunks of one network read together, since Node hands on each by itself and a
 * fast engine makes one of each token; and, while this process is busy, those of a few milliseconds together. Of a
 * dense stream even the reading rests meanwhile: a token costs its read most of all. The first are taken at once.
 * While it is held, nothing is taken, and soon nothing comes.
 */
export class Tap implements Gathering {
  readonly #answer: IncomingMessage;
  /** Not in one array: of most there is only the first, and a thousand streams make many. */
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #size = 0;
  #piecesBefore = 0;
  #take: ((bytes: Buffer) => void) | undefined;
  #hasTaken = false;
  #isResting = false;
  #isLarge = false;
  isHeld = false;

  constructor(answer: IncomingMessage) {
    this.#answer = answer;
  }

  hold(): void {
    this.isHeld = true;
    this.#answer.pause();
  }

  release(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    if (!this.#isResting) this.#answer.resume();
  }

  /** `take` is called with what came since the last time, `onBytes` for each such time. */
  open(take: (bytes: Buffer) => void, onBytes: () => void): void {
    this.#take = take;
    this.#answer.on("data", (bytes: Buffer) => {
      this.#size += bytes.length;
      if (this.#first === undefined) {
        this.#first = bytes;
        onBytes();
        this.#gather();
      } else if (this.#more === undefined) this.#more = [bytes];
      else this.#more.push(bytes);
      if (this.#size < LARGE_BYTES) return;
      this.#isLarge = true;
      this.flush();
    });
  }

  /** Takes what is still to be taken. */
  flush(): void {
    const first = this.#first;
    const more = this.#more;
    if (first === undefined) return;
    this.#first = undefined;
    this.#more = undefined;
    this.#piecesBefore = 1 + (more?.length ?? 0);
    this.#size = 0;
    this.#hasTaken = true;
    this.#take?.(more === undefined ? first : Buffer.concat([first, ...more]));
  }

  /** Reads on after a rest. @returns whether there is more to come now, and flushing should wait for it */
  wake(): boolean {
    if (!this.#isResting) return false;
    this.#isResting = false;
    if (!this.isHeld) this.#answer.resume();
    return true;
  }

  /** Takes no more. */
  close(): void {
    forget(this);
    this.#take = undefined;
    this.#first = undefined;
    this.#more = undefined;
  }

  #gather(): void {
    const isDense = this.#piecesBefore >= DENSE_PIECES;
    const isBusy = countPieces(Math.max(1, this.#piecesBefore));
    // All chunks of one read are handed on before any microtask runs.
    if (!isBusy || !this.#hasTaken) queueMicrotask(() => this.flush());
    else {
      flushSoon(this);
      if (isDense) queueMicrotask(() => this.#rest());
    }
  }

  /** Not where a single read brings much: then there is nothing to save. */
  #rest(): void {
    const wasLarge = this.#isLarge;
    this.#isLarge = false;
    if (wasLarge || this.#take === undefined || this.#first === undefined) return;
    this.#isResting = true;
    this.#answer.pause();
  }
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
