import type { ChatEvent, NoticeData, Phase, ReplyMetadata, StatusData } from "../chat.ts";
import type { ErrorObject } from "../errors.ts";

/**
 * Writes the AI SDK's UI message stream, v1 (its documentation, "Data Stream Protocol"):
 * server-sent events, each one JSON part. Keeps which block is open, nothing else.
 */
export class UiMessageStreamEncoder {
  #open: "text" | "reasoning" | undefined;
  #blocks = 0;
  #toolCalls = 0;
  #requestId = "";
  #phase: Phase | undefined;

  /** The first part of every stream. */
  start(metadata: ReplyMetadata): string {
    this.#requestId = metadata.requestId ?? "call";
    return part({ type: "start", messageMetadata: metadata }) + part({ type: "start-step" });
  }

  /** A transient status part; nothing when the phase is the one already told. */
  status(status: StatusData): string {
    if (status.phase === this.#phase && status.position === undefined) return "";
    this.#phase = status.phase;
    return part({ type: "data-status", data: status, transient: true });
  }

  /** What was done on the person's behalf. */
  notice(notice: NoticeData): string {
    return part({ type: "data-notice", data: notice });
  }

  /**
   * Text and thinking as deltas, tool calls whole; what follows itself in one call becomes one delta.
   * Finish and failure write nothing here: how a reply ends is the relay's to say.
   * @param at milliseconds since the request began, for the change of phase
   */
  events(events: readonly ChatEvent[], at: number): string {
    let out = "";
    let gathered = "";
    for (const [index, event] of events.entries()) {
      if (event.type === "tool-call") out += this.#toolCall(event.id, event.name, event.input);
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
    const finishReason = this.#toolCalls > 0 ? "tool-calls" : finishReasonOf(metadata.doneReason);
    const end = part({ type: "finish", finishReason, messageMetadata: metadata });
    return this.#close() + part({ type: "finish-step" }) + end + DONE;
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

  /** An older Ollama gives its calls no id: one that no other call of this message has is made of their number. */
  #toolCall(id: string | undefined, toolName: string, input: unknown): string {
    this.#toolCalls += 1;
    const toolCallId = id ?? `${this.#requestId}-${this.#toolCalls}`;
    return this.#close() + part({ type: "tool-input-available", toolCallId, toolName, input });
  }

  #close(): string {
    if (this.#open === undefined) return "";
    const out = part({ type: `${this.#open}-end`, id: `${this.#open}-${this.#blocks}` });
    this.#open = undefined;
    return out;
  }
}

/** The AI SDK's names for the reasons of an end, of those that Ollama gives. */
function finishReasonOf(doneReason: string | undefined): string {
  return doneReason === "stop" || doneReason === "length" ? doneReason : "other";
}

const DONE = "data: [DONE]\n\n";

function part(value: Readonly<Record<string, unknown>>): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
