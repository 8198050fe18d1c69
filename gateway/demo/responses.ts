import type { Ask, ToolOffer, Turn } from "./ask.ts";
import { PLAIN_ASK } from "./ask.ts";
import type { Engine } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { generate } from "./generate.ts";
import type { Fields } from "./json.ts";
import { fieldsOf, listOf, textOf } from "./json.ts";
import { effortOf, formatOf, openaiTurn, optionsOf } from "./openai-fields.ts";
import { responsesEncoder } from "./responses-encoder.ts";

/** POST /v1/responses. */
export async function openaiResponses(engine: Engine, exchange: Exchange): Promise<void> {
  const fields = fieldsOf(await exchange.readJson());
  await generate(engine, exchange, decode(fields), responsesEncoder(fields));
}

function decode(fields: Fields): Ask {
  const system: Turn = { role: "system", content: textOf(fields.instructions), images: [] };
  const turns =
    typeof fields.input === "string"
      ? [{ role: "user", content: fields.input, images: [] }]
      : listOf(fields.input).map(itemTurn);
  return {
    ...PLAIN_ASK,
    model: textOf(fields.model),
    turns: system.content === "" ? turns : [system, ...turns],
    tools: listOf(fields.tools).map(toolOf),
    stream: fields.stream === true,
    think: effortOf(fields),
    format: formatOf(fieldsOf(fields.text).format),
    options: optionsOf(fields),
  };
}

function itemTurn(item: unknown): Turn {
  const { type, output } = fieldsOf(item);
  if (type !== "function_call_output") return openaiTurn(item);
  return { role: "tool", content: textOf(output), images: [] };
}

/** In this dialect a tool's name and parameters are not wrapped in `function`. */
function toolOf(tool: unknown): ToolOffer {
  const { name, parameters } = fieldsOf(tool);
  return { name: textOf(name), parameters };
}
