import { randomBytes } from "node:crypto";
import type { Encoder } from "./encoder.ts";
import { NAMED_SSE_HEADERS, namedSse } from "./encoder.ts";
import { goJson } from "./go.ts";
import type { Call, Piece, Reply } from "./reply.ts";
import { ANTHROPIC } from "./surface.ts";

function stopReason(reply: Reply): string | undefined {
  if (reply.calls.length > 0) return "tool_use";
  const reasons = { stop: "end_turn", length: "max_tokens" };
  return reply.doneReason && reasons[reply.doneReason];
}

function usageOf(inputTokens: number, outputTokens: number) {
  return { input_tokens: inputTokens, output_tokens: outputTokens };
}

function event(data: { readonly type: string } & Readonly<Record<string, unknown>>): string {
  return namedSse(data.type, data);
}

/** The content blocks of one message as events: each is opened, filled and closed in its turn. */
class Blocks {
  #index = 0;
  #open: Piece["kind"] | undefined;

  close(): string {
    if (this.#open === undefined) return "";
    this.#open = undefined;
    const closed = event({ type: "content_block_stop", index: this.#index });
    this.#index += 1;
    return closed;
  }

  add(piece: Piece): string {
    if (piece.kind === "call") return this.#call(piece.call);
    const field = piece.kind;
    const opened = this.#open === field ? "" : this.#start(field, { type: field, [field]: "" });
    return opened + this.#delta({ type: `${field}_delta`, [field]: piece.text });
  }

  #call(call: Call): string {
    const { id, name } = call;
    const opened = this.#start("call", { type: "tool_use", id, name, input: {} });
    const json = goJson(call.arguments);
    return opened + this.#delta({ type: "input_json_delta", partial_json: json }) + this.close();
  }

  #start(kind: Piece["kind"], block: unknown): string {
    const closed = this.close();
    this.#open = kind;
    const opened = { type: "content_block_start", index: this.#index, content_block: block };
    return closed + event(opened);
  }

  #delta(delta: unknown): string {
    return event({ type: "content_block_delta", index: this.#index, delta });
  }
}

function contentOf(reply: Reply): unknown[] {
  return [
    ...(reply.thinking === "" ? [] : [{ type: "thinking", thinking: reply.thinking }]),
    ...(reply.text === "" ? [] : [{ type: "text", text: reply.text }]),
    ...reply.calls.map(({ id, name, arguments: input }) => ({ type: "tool_use", id, name, input })),
  ];
}

/** @param inputTokens the estimate of message_start; the real count comes at the end */
export function messagesEncoder(model: string, inputTokens: number): Encoder {
  const id = `msg_${randomBytes(12).toString("hex")}`;
  const head = { id, type: "message", role: "assistant", model };
  const blocks = new Blocks();
  let begun = false;
  const begin = () => {
    if (begun) return "";
    begun = true;
    const message = { ...head, content: [], usage: usageOf(inputTokens, 0) };
    return event({ type: "message_start", message });
  };
  return {
    surface: ANTHROPIC,
    streamHeaders: NAMED_SSE_HEADERS,
    piece: (piece) => begin() + blocks.add(piece),
    finish: (reply) =>
      begin() +
      blocks.close() +
      event({
        type: "message_delta",
        delta: { stop_reason: stopReason(reply) },
        usage: usageOf(reply.promptTokens, reply.evalCount),
      }) +
      event({ type: "message_stop" }),
    // Nothing in this dialect tells that the runner died: the stream simply ends.
    failure: () => "",
    whole: (reply) => ({
      ...head,
      content: contentOf(reply),
      stop_reason: stopReason(reply),
      usage: usageOf(reply.promptTokens, reply.evalCount),
    }),
  };
}
