import type { Ask } from "./ask.ts";
import { PLAIN_ASK } from "./ask.ts";
import type { Encoder } from "./encoder.ts";
import type { Engine } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { generate } from "./generate.ts";
import { goJson, timestamp } from "./go.ts";
import { fieldsOf, listOf, textOf } from "./json.ts";
import { bind, keepAlive, think, toolOf, topLogprobs, turnOf } from "./ollama-fields.ts";
import { loadOrUnload } from "./ollama-load.ts";
import { doneFields, logprobsOf, metrics } from "./ollama-records.ts";
import type { Call, Piece, Reply } from "./reply.ts";
import { OLLAMA } from "./surface.ts";

/** POST /api/chat. */
export async function ollamaChat(engine: Engine, exchange: Exchange): Promise<void> {
  const ask = decodeChat(await exchange.readJson());
  if (ask.turns.length > 0) await generate(engine, exchange, ask, chatEncoder(ask));
  else await loadOrUnload(engine, exchange, ask, { message: { role: "assistant", content: "" } });
}

function decodeChat(body: unknown): Ask {
  const fields = bind(body, "ChatRequest");
  return {
    ...PLAIN_ASK,
    model: textOf(fields.model),
    turns: listOf(fields.messages).map(turnOf),
    tools: listOf(fields.tools).map(toolOf),
    stream: fields.stream !== false,
    think: think(fields.think),
    format: fields.format ?? undefined,
    options: fieldsOf(fields.options),
    truncate: fields.truncate !== false,
    shift: fields.shift !== false,
    keepAliveMs: keepAlive(fields.keep_alive),
    topLogprobs: topLogprobs(fields),
  };
}

function callFields(call: Call, index: number): unknown {
  return { id: call.id, function: { index, name: call.name, arguments: call.arguments } };
}

function messageOf(piece: Piece): unknown {
  const role = "assistant";
  if (piece.kind === "call") return { role, content: "", tool_calls: [callFields(piece.call, 0)] };
  if (piece.kind === "thinking") return { role, content: "", thinking: piece.text };
  return { role, content: piece.text };
}

/** `application/x-ndjson`, one record a piece. */
function chatEncoder(ask: Ask): Encoder {
  const record = (message: unknown, rest: object) => ({
    model: ask.model,
    created_at: timestamp(),
    message,
    ...rest,
  });
  const line = (value: unknown) => `${goJson(value)}\n`;
  const last = (message: unknown, reply: Reply) =>
    record(message, { ...doneFields(reply), ...metrics(reply) });
  return {
    surface: OLLAMA,
    streamHeaders: { "Content-Type": "application/x-ndjson" },
    piece(piece) {
      const logprobs = logprobsOf(piece, ask.topLogprobs);
      return line(record(messageOf(piece), { done: false, logprobs }));
    },
    finish: (reply) => line(last({ role: "assistant", content: "" }, reply)),
    failure: (message) => line({ error: message }),
    whole: (reply) => last(wholeMessage(reply), reply),
  };
}

function wholeMessage(reply: Reply): unknown {
  return {
    role: "assistant",
    content: reply.text,
    thinking: reply.thinking || undefined,
    tool_calls: reply.calls.length > 0 ? reply.calls.map(callFields) : undefined,
  };
}
