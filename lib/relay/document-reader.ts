import type { ChatEvent } from "../chat.ts";
import { RelayError } from "../errors.ts";
import { withoutQuotes } from "../upstream-errors.ts";
import { LineSplitter } from "../wire/lines.ts";
import { decodeRecord, parseRecord, ReplyCollector } from "../wire/ollama-records.ts";
import type { StreamUsage } from "../wire/stream-kinds.ts";
import { usageOf } from "./chat-reader.ts";
import type { MeteredReader } from "./task.ts";

/** Puts a stream of /api/chat together to the document that Ollama answers with `stream: false`. */
export class DocumentReader implements MeteredReader {
  readonly isSeen = true;
  tokenRecords = 0;
  usage: StreamUsage | undefined;
  document: Readonly<Record<string, unknown>> | undefined;
  readonly #lines = new LineSplitter();
  readonly #collector = new ReplyCollector();

  take(bytes: Buffer): boolean {
    return this.#takeLines(this.#lines.push(bytes));
  }

  end(): boolean {
    return this.#takeLines(this.#lines.end());
  }

  #takeLines(lines: readonly string[]): boolean {
    for (const line of lines) {
      const record = parseRecord(line);
      const events: ChatEvent[] = [];
      decodeRecord(record, events);
      for (const event of events) this.#note(event);
      this.document = this.#collector.push(record) ?? this.document;
    }
    return this.document !== undefined;
  }

  #note(event: ChatEvent): void {
    if (event.type === "finish") this.usage = usageOf(event);
    else if (event.type === "failure")
      throw new RelayError("ollama_failed", {
        cause: withoutQuotes(event.text),
      });
    else this.tokenRecords += 1;
  }
}
