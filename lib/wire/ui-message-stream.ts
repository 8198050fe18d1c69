import type { ChatEvent, Phase, ReplyMetadata, StatusData } from "../chat.ts";
import type { ErrorObject } from "../errors.ts";

/**
 * Writes the AI SDK's UI message stream, v1 (its documentation, "Data Stream Protocol"):
 * server-sent events, each one JSON part. Keeps which block is open, nothing else.
 */
export class UiMessageStreamEncoder {
  #open: "text" | "reasoning" | undefined;
  #blocks = 0;
  #phase: Phase | undefined;

  /** The first part of every stream. */
  start(metadata: ReplyMetadata): string {
    return part({ type: "start", messageMetadata: metadata });
  }

  /** A transient status part; nothing when the phase is the one already told. */
  status(status: StatusData): string {
    if (status.phase === this.#phase && status.position === undefined) return "";
    this.#phase = status.phase;
    return part({ type: "data-status", data: status, transient: true });
  }

  /**
   * Text and thinking as deltas; what follows itself in one call becomes one delta.
   * Finish and failure write nothing here: how a reply ends is the relay's to say.
   * @param at milliseconds since the request began, for the change of phase
   */
  events(events: readonly ChatEvent[], at: number): string {
    let out = "";
    let gathered = "";
    for (const [index, event] of events.entries()) {
      if (event.type !== "text" && event.type !== "thinking") continue;
      gathered += event.text;
      if (events[index + 1]?.type === event.type) continue;
      out += this.#delta(event.type === "text" ? "text" : "reasoning", gathered, at);
      gathered = "";
    }
    return out;
  }

  /** A reply that came to its end. */
  finish(metadata: ReplyMetadata): string {
    const end = part({ type: "finish", messageMetadata: metadata });
    return this.#close() + end + DONE;
  }

  /** A reply that did not: parts after `error` are dropped by the client, so it comes last, and no finish. */
  fail(problem: ErrorObject, metadata: ReplyMetadata): string {
    return (
      this.#close() +
      part({ type: "data-problem", data: problem }) +
      part({ type: "message-metadata", messageMetadata: metadata }) +
      part({ type: "error", errorText: problem.message }) +
      DONE
    );
  }

  #delta(kind: "text" | "reasoning", delta: string, at: number): string {
    const id = () => `${kind}-${this.#blocks}`;
    let out = "";
    if (this.#open !== kind) {
      out += this.#close();
      out += this.status({ phase: kind === "text" ? "writing" : "thinking", at });
      this.#open = kind;
      this.#blocks += 1;
      out += part({ type: `${kind}-start`, id: id() });
    }
    // Written by hand: this line runs once a read, and only the delta needs quoting.
    return `${out}data: {"type":"${kind}-delta","id":"${id()}","delta":${JSON.stringify(delta)}}\n\n`;
  }

  #close(): string {
    if (this.#open === undefined) return "";
    const out = part({ type: `${this.#open}-end`, id: `${this.#open}-${this.#blocks}` });
    this.#open = undefined;
    return out;
  }
}

const DONE = "data: [DONE]\n\n";

function part(value: Readonly<Record<string, unknown>>): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
