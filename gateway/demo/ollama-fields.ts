import type { ToolOffer, Turn } from "./ask.ts";
import { base64Fault, parseDuration } from "./go.ts";
import type { Fields } from "./json.ts";
import { fieldsOf, isFields, listOf, numberOf, textOf } from "./json.ts";
import { Refusal } from "./refusal.ts";

/** What the fields of Ollama's own requests are in Go, for the texts of its refusals. */
const FIELD_TYPES: Readonly<
  Record<string, readonly [check: (value: unknown) => boolean, go: string]>
> = {
  model: [(value) => typeof value === "string", "string"],
  prompt: [(value) => typeof value === "string", "string"],
  system: [(value) => typeof value === "string", "string"],
  messages: [Array.isArray, "[]api.Message"],
  tools: [Array.isArray, "api.Tools"],
  stream: [(value) => typeof value === "boolean", "bool"],
  options: [isFields, "map[string]interface {}"],
};

function goKind(value: unknown): string {
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "array" : typeof value;
}

/**
 * The request as an object whose known fields have their types.
 * @throws {Refusal} 400 in the words of Go's decoder
 */
export function bind(body: unknown, struct: string): Fields {
  if (!isFields(body)) {
    const kind = goKind(body);
    throw new Refusal(
      400,
      `json: cannot unmarshal ${kind} into Go value of type api.${struct}`,
      "binding",
    );
  }
  for (const [name, [check, type]] of Object.entries(FIELD_TYPES)) {
    const value = body[name];
    if (value === undefined || value === null || check(value)) continue;
    throw new Refusal(
      400,
      `json: cannot unmarshal ${goKind(value)} into Go struct field ${struct}.${name} of type ${type}`,
      "binding",
    );
  }
  return body;
}

/**
 * `keep_alive` in milliseconds: seconds as a number, a Go duration as a string, negative for ever.
 * @throws {Refusal} 400 for anything else
 */
export function keepAlive(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const seconds = numberOf(value);
  const ms = seconds === undefined ? parseDuration(textOf(value)) : seconds * 1000;
  if (ms === undefined) {
    const unit = /^[\d.]+$/u.test(textOf(value)) ? "missing unit in" : "invalid";
    throw new Refusal(400, `time: ${unit} duration ${JSON.stringify(value)}`, "binding");
  }
  return ms < 0 ? Infinity : ms;
}

const THINK_LEVELS = ["high", "medium", "low", "max"];

/** @throws {Refusal} 400 for a value that `think` does not take */
export function think(value: unknown): boolean | string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return value;
  if (typeof value === "string" && THINK_LEVELS.includes(value)) return value;
  const levels = THINK_LEVELS.map((level) => `"${level}"`).join(", ");
  throw new Refusal(
    400,
    `invalid think value: ${JSON.stringify(value)} (must be ${levels}, true, or false)`,
    "binding",
  );
}

/** @throws {Refusal} 400 for an image that is not base64 */
export function images(value: unknown): string[] {
  return listOf(value).map((item) => {
    const fault = base64Fault(textOf(item));
    if (fault === undefined) return textOf(item);
    throw new Refusal(400, `illegal base64 data at input byte ${fault}`, "binding");
  });
}

/** One of `messages`. A role that Ollama does not know is accepted. */
export function turnOf(message: unknown): Turn {
  const { role, content, images: pictures } = fieldsOf(message);
  return { role: textOf(role), content: textOf(content), images: images(pictures) };
}

/** One of `tools`, as Ollama and OpenAI write them. */
export function toolOf(tool: unknown): ToolOffer {
  const { name, parameters } = fieldsOf(fieldsOf(tool).function);
  return { name: textOf(name), parameters };
}

/** How many alternatives each token is reported with; undefined: `logprobs` was not asked for. */
export function topLogprobs(body: Fields): number | undefined {
  return body.logprobs === true ? (numberOf(body.top_logprobs) ?? 0) : undefined;
}
