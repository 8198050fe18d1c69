import type { Ask, ToolOffer, Turn } from "./ask.ts";
import { PLAIN_ASK } from "./ask.ts";
import { messagesEncoder } from "./anthropic-encoder.ts";
import type { Engine } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { generate } from "./generate.ts";
import type { Fields } from "./json.ts";
import { fieldsOf, joinedText, listOf, numberOf, textOf } from "./json.ts";
import { Refusal } from "./refusal.ts";

/** POST /v1/messages. */
export async function anthropicMessages(engine: Engine, exchange: Exchange): Promise<void> {
  const fields = fieldsOf(await exchange.readJson());
  requireFields(fields);
  const ask = decode(fields);
  await generate(engine, exchange, ask, messagesEncoder(ask.model, estimate(fields)));
}

function requireFields(fields: Fields): void {
  const missing = (message: string) => new Refusal(400, message, "binding");
  if (textOf(fields.model) === "") throw missing("model is required");
  if ((numberOf(fields.max_tokens) ?? 0) <= 0) {
    throw missing("max_tokens is required and must be positive");
  }
  if (listOf(fields.messages).length === 0) throw missing("messages is required");
}

function decode(fields: Fields): Ask {
  const { max_tokens, temperature, top_p, top_k, stop_sequences } = fields;
  const system: Turn = { role: "system", content: joinedText(fields.system), images: [] };
  const turns = listOf(fields.messages).flatMap(turnsOf);
  return {
    ...PLAIN_ASK,
    model: textOf(fields.model),
    turns: system.content === "" ? turns : [system, ...turns],
    tools: listOf(fields.tools).map(toolOf),
    stream: fields.stream === true,
    think: thinkOf(fields),
    options: { num_predict: max_tokens, temperature, top_p, top_k, stop: stop_sequences },
  };
}

function thinkOf(fields: Fields): boolean | string | undefined {
  const { type } = fieldsOf(fields.thinking);
  if (type === "enabled") return true;
  if (type === "disabled") return false;
  const effort = textOf(fieldsOf(fields.output_config).effort);
  return effort === "" ? undefined : effort;
}

function toolOf(tool: unknown): ToolOffer {
  const { name, input_schema: parameters } = fieldsOf(tool);
  return { name: textOf(name), parameters };
}

/** Of a message's blocks the results of tools become messages of their own, as in Ollama. */
function turnsOf(message: unknown): Turn[] {
  const { role, content } = fieldsOf(message);
  const blocks = listOf(content).map(fieldsOf);
  const results = blocks
    .filter((block) => block.type === "tool_result")
    .map((block) => ({ role: "tool", content: joinedText(block.content), images: [] }));
  const images = blocks
    .filter((block) => block.type === "image")
    .map((block) => textOf(fieldsOf(block.source).data));
  const text = joinedText(content);
  const own = { role: textOf(role), content: text, images };
  return text === "" && images.length === 0 && results.length > 0 ? results : [...results, own];
}

/** The estimate in message_start: a quarter of the characters, and at least one. */
function estimate(fields: Fields): number {
  const messages = listOf(fields.messages).map(fieldsOf);
  const tools = listOf(fields.tools).length === 0 ? "" : JSON.stringify(fields.tools);
  const text =
    joinedText(fields.system) +
    messages.map(({ role, content }) => textOf(role) + joinedText(content)).join("") +
    tools;
  return Math.max(1, Math.floor(text.length / 4));
}
