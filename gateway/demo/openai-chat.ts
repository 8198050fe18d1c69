import { randomInt } from "node:crypto";
import type { Ask } from "./ask.ts";
import { PLAIN_ASK } from "./ask.ts";
import type { Encoder } from "./encoder.ts";
import { sse, SSE_HEADERS, unixSeconds } from "./encoder.ts";
import type { Engine } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { generate } from "./generate.ts";
import { goJson } from "./go.ts";
import type { Fields } from "./json.ts";
import { fieldsOf, listOf, textOf } from "./json.ts";
import { toolOf } from "./ollama-fields.ts";
import { effortOf, formatOf, openaiTurn, optionsOf } from "./openai-fields.ts";
import { Refusal } from "./refusal.ts";
import type { Call, Piece, Reply } from "./reply.ts";
import { OPENAI } from "./surface.ts";

/** POST /v1/chat/completions. */
export async function openaiChat(engine: Engine, exchange: Exchange): Promise<void> {
  const fields = fieldsOf(await exchange.readJson());
  if (listOf(fields.messages).length === 0) {
    throw new Refusal(400, "[] is too short - 'messages'", "binding");
  }
  const ask = decode(fields);
  const usage = fieldsOf(fields.stream_options).include_usage === true;
  await generate(engine, exchange, ask, chatEncoder(ask.model, usage));
}

function decode(fields: Fields): Ask {
  return {
    ...PLAIN_ASK,
    model: textOf(fields.model),
    turns: listOf(fields.messages).map(openaiTurn),
    tools: listOf(fields.tools).map(toolOf),
    stream: fields.stream === true,
    think: effortOf(fields),
    format: formatOf(fields.response_format),
    options: optionsOf(fields),
  };
}

/** OpenAI's form of a tool call: the arguments are JSON in a string. */
function callFields(call: Call, index: number): unknown {
  const { id, name } = call;
  return { id, index, type: "function", function: { name, arguments: goJson(call.arguments) } };
}

function deltaOf(piece: Piece): object {
  if (piece.kind === "call") return { content: "", tool_calls: [callFields(piece.call, 0)] };
  if (piece.kind === "thinking") return { content: "", reasoning: piece.text };
  return { content: piece.text };
}

function finishReason(reply: Reply): string | null {
  if (reply.doneReason === undefined) return null;
  return reply.calls.length > 0 ? "tool_calls" : reply.doneReason;
}

export function usageOf(reply: Reply): Readonly<Record<string, number>> {
  return {
    prompt_tokens: reply.promptTokens,
    completion_tokens: reply.evalCount,
    total_tokens: reply.promptTokens + reply.evalCount,
  };
}

function wholeMessage(reply: Reply): unknown {
  return {
    role: "assistant",
    content: reply.text,
    reasoning: reply.thinking || undefined,
    tool_calls: reply.calls.length > 0 ? reply.calls.map(callFields) : undefined,
  };
}

/** @param withUsage whether a last chunk with the counts was asked for */
function chatEncoder(model: string, withUsage: boolean): Encoder {
  const id = `chatcmpl-${randomInt(999)}`;
  let role: "assistant" | undefined = "assistant";
  const head = (object: string, named = model) => ({
    id,
    object,
    created: unixSeconds(),
    model: named,
    system_fingerprint: "fp_ollama",
  });
  const chunk = (delta: object, reason: string | null, named?: string) =>
    sse({
      ...head("chat.completion.chunk", named),
      choices: [{ index: 0, delta, finish_reason: reason }],
    });
  return {
    surface: OPENAI,
    streamHeaders: SSE_HEADERS,
    piece(piece) {
      const delta = { role, ...deltaOf(piece) };
      role = undefined;
      return chunk(delta, null);
    },
    finish(reply) {
      const counts = sse({
        ...head("chat.completion.chunk"),
        choices: [],
        usage: usageOf(reply),
      });
      return `${chunk({}, finishReason(reply))}${withUsage ? counts : ""}data: [DONE]\n\n`;
    },
    // The error gets lost on the way to this dialect: what comes is an empty chunk, and no end.
    failure: () => chunk({ content: "" }, null, ""),
    whole: (reply) => ({
      ...head("chat.completion"),
      choices: [{ index: 0, message: wholeMessage(reply), finish_reason: finishReason(reply) }],
      usage: usageOf(reply),
    }),
  };
}
