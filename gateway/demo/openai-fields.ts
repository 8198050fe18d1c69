import type { Turn } from "./ask.ts";
import type { Fields } from "./json.ts";
import { fieldsOf, joinedText, listOf, textOf } from "./json.ts";
import { Refusal } from "./refusal.ts";

/** OpenAI's sampling fields as Ollama's runner options. */
export function optionsOf(fields: Fields): Record<string, unknown> {
  const { stop, seed, temperature, top_p } = fields;
  const num_predict = fields.max_completion_tokens ?? fields.max_tokens ?? fields.max_output_tokens;
  const stops = typeof stop === "string" ? [stop] : stop;
  return { num_predict, stop: stops, seed, temperature, top_p };
}

/** `reasoning_effort`, or `reasoning.effort`, as Ollama's `think`. */
export function effortOf(fields: Fields): boolean | string | undefined {
  const effort = fields.reasoning_effort ?? fieldsOf(fields.reasoning).effort;
  if (typeof effort !== "string" || effort === "") return undefined;
  return effort === "none" ? false : effort;
}

/** `response_format`, or the format of the Responses API, as Ollama's `format`. */
export function formatOf(format: unknown): unknown {
  const { type, json_schema: wrapped, schema } = fieldsOf(format);
  if (type === "json_object") return "json";
  return type === "json_schema" ? (fieldsOf(wrapped).schema ?? schema ?? "json") : undefined;
}

const DATA_URL = /^data:(?:image\/(?:jpeg|jpg|png|webp))?;base64,/u;

/**
 * The images among a message's parts, as bare base64.
 * @throws {Refusal} 400 for one that is not a data URL of a kind that Ollama takes
 */
function imagesOf(content: unknown): string[] {
  return listOf(content).flatMap((part) => {
    const { type, image_url: image } = fieldsOf(part);
    if (type !== "image_url" && type !== "input_image") return [];
    const url = typeof image === "string" ? image : textOf(fieldsOf(image).url);
    if (!DATA_URL.test(url)) throw new Refusal(400, "invalid image input", "binding");
    return [url.replace(DATA_URL, "")];
  });
}

/** A message whose content is a text or a list of parts. */
export function openaiTurn(message: unknown): Turn {
  const { role, content } = fieldsOf(message);
  return { role: textOf(role), content: joinedText(content), images: imagesOf(content) };
}
