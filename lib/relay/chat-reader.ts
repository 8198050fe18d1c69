import type { ChatEvent, ChatFinish } from "../chat.ts";
import { RelayError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { withoutQuotes } from "../upstream-errors.ts";
import { LineSplitter } from "../wire/lines.ts";
import { decodeRecord, parseRecord } from "../wire/ollama-records.ts";
import type { StreamUsage } from "../wire/stream-kinds.ts";
import type { UiMessageStreamEncoder } from "../wire/ui-message-stream.ts";
import type { MeteredReader } from "./task.ts";

/**
 * From Ollama's records to the UI message stream: all complete lines of a network read are decoded, written as one
 * text and handed on once, without an asynchronous step between (DESIGN.md: the events cost, not the bytes).
 */
export class ChatReader implements MeteredReader {
  readonly isSeen = true;
  /** Milliseconds since the request began. */
  firstTokenMs: number | undefined;
  finish: ChatFinish | undefined;
  tokenRecords = 0;
  readonly #lines = new LineSplitter();
  readonly #encoder: UiMessageStreamEncoder;
  readonly #exchange: Exchange;
  readonly #write: (parts: string) => void;

  constructor(encoder: UiMessageStreamEncoder, exchange: Exchange, write: (parts: string) => void) {
    this.#encoder = encoder;
    this.#exchange = exchange;
    this.#write = write;
  }

  get usage(): StreamUsage | undefined {
    return this.finish && usageOf(this.finish);
  }

  take(bytes: Buffer): boolean {
    return this.#takeLines(this.#lines.push(bytes));
  }

  end(): boolean {
    return this.#takeLines(this.#lines.end());
  }

  #takeLines(lines: readonly string[]): boolean {
    if (lines.length === 0 || this.#exchange.signal.aborted) return false;
    const events: ChatEvent[] = [];
    for (const line of lines) decodeRecord(parseRecord(line), events);
    const at = this.#exchange.elapsedMs;
    const parts = this.#encoder.events(events, at);
    if (parts !== "") {
      this.firstTokenMs ??= at;
      this.#write(parts);
    }
    for (const event of events) this.#note(event);
    return this.finish !== undefined;
  }

  #note(event: ChatEvent): void {
    if (event.type === "finish") this.finish = event;
    else if (event.type === "failure")
      throw new RelayError("ollama_failed", {
        cause: withoutQuotes(event.text),
      });
    else this.tokenRecords += 1;
  }
}

/** Ollama leaves out counts that are zero. */
export function usageOf({ promptTokens, completionTokens = 0 }: ChatFinish): StreamUsage {
  return { ...(promptTokens === undefined ? {} : { promptTokens }), completionTokens };
}
