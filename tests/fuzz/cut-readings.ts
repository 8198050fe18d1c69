import type { ChatEvent } from "../../lib/chat.ts";
import { RelayError } from "../../lib/errors.ts";
import { Exchange } from "../../lib/exchange.ts";
import { ChatReader } from "../../lib/relay/chat-reader.ts";
import { DocumentReader } from "../../lib/relay/document-reader.ts";
import { SurfaceReader } from "../../lib/relay/surface-reader.ts";
import type { MeteredReader } from "../../lib/relay/task.ts";
import { STREAM_KINDS, type StreamKind } from "../../lib/wire/stream-kinds.ts";
import { UiMessageStreamEncoder } from "../../lib/wire/ui-message-stream.ts";

/** A reader under test, and what it has given on so far, however it was cut. */
interface Tapped {
  readonly reader: MeteredReader;
  readonly given: () => string;
}

/** @param stream all of what will come, or would */
export type Open = (stream: Buffer) => Tapped;

const exchange = new Exchange(new Request("http://app.example/api/chat", { method: "POST" }));

/** Notes the events in the encoder's place: how many deltas they become depends on the cuts, and may. */
class EventTap extends UiMessageStreamEncoder {
  noted = "";
  #last: ChatEvent["type"] | undefined;

  override events(events: readonly ChatEvent[]): string {
    for (const event of events) {
      if (event.type === "text" || event.type === "thinking") {
        this.noted += event.type === this.#last ? event.text : `\n${event.type}: ${event.text}`;
      } else {
        this.noted += `\n${JSON.stringify(event)}`;
      }
      this.#last = event.type;
    }
    return "";
  }
}

export const openChat: Open = () => {
  const tap = new EventTap();
  const reader = new ChatReader(tap, exchange, () => {});
  return { reader, given: () => tap.noted };
};

export const openDocument: Open = () => {
  const reader = new DocumentReader();
  return { reader, given: () => (reader.document ? JSON.stringify(reader.document) : "") };
};

/** What is passed on is compared as it comes, since it is much: `given` is how far it was the stream itself. */
export const openSurface =
  (kind: StreamKind): Open =>
  (stream) => {
    let given = 0;
    let isOther = false;
    const reader = new SurfaceReader(STREAM_KINDS[kind], (bytes) => {
      isOther ||= !bytes.equals(stream.subarray(given, given + bytes.length));
      given += bytes.length;
    });
    return { reader, given: () => (isOther ? "something else" : `${given} bytes`) };
  };

/** What becomes of a stream that arrives in these pieces, as readAnswer would have it. */
export interface Reading {
  readonly ending: "complete" | "incomplete" | "failed";
  readonly given: string;
  readonly tokenRecords: number;
  readonly usage: MeteredReader["usage"];
}

export function read(open: Open, stream: Buffer, pieces: readonly Buffer[]): Reading {
  const { reader, given } = open(stream);
  const ending = endingOf(reader, pieces);
  const { tokenRecords, usage } = reader;
  return { ending, given: given(), tokenRecords, usage };
}

function endingOf(reader: MeteredReader, pieces: readonly Buffer[]): Reading["ending"] {
  try {
    for (const piece of pieces) if (reader.take(piece)) return "complete";
    return reader.end() ? "complete" : "incomplete";
  } catch (thrown) {
    // The one is Ollama's word that it failed, the other a line that is no record.
    if (thrown instanceof RelayError) return "failed";
    if (thrown instanceof SyntaxError) return "incomplete";
    throw thrown;
  }
}

/** Whether two readings say the same, without a copy of either. */
export function isSame(one: Reading, other: Reading): boolean {
  return (
    one.ending === other.ending &&
    one.tokenRecords === other.tokenRecords &&
    one.usage?.promptTokens === other.usage?.promptTokens &&
    one.usage?.completionTokens === other.usage?.completionTokens &&
    one.given === other.given
  );
}
