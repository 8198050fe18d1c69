import { z } from "zod";
import { RelayError } from "../errors.ts";
import { readKeepAlive, readOptions, tokenCount } from "./options.ts";
import type { Surface } from "./surfaces.ts";

/** A body that keeps the rules, to be written out anew: what was checked is what is sent. */
export interface RuledBody {
  /** Undefined: the default one. */
  readonly model: string | undefined;
  readonly stream: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Names of fields are plain, and those with an underscore in front are Ollama's internals. Go takes a name of other
 * case, or with a letter that folds to one of these, for the same field: `Model` would pass the model list by.
 */
const FIELD_NAME = /^[a-z0-9][a-z0-9_]*$/;

const BYTES_A_TOKEN = 4;

const bodySchema = z.record(z.string(), z.unknown());
const modelSchema = z.string().min(1).max(200).nullish();
const streamSchema = z.boolean().nullish();

/**
 * Holds a body of a relayed surface to the rules: plain field names, options by list and within bounds, a bounded
 * reply, a bounded stay in memory. Everything else passes as it came, so that what Ollama gains arrives.
 * @param mayKeep whether the caller may say how long the model stays in memory
 * Throws RelayError `bad_request` that names the offending path.
 */
export function applyBodyRules(surface: Surface, body: unknown, mayKeep: boolean): RuledBody {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success || Array.isArray(body)) {
    throw new RelayError("bad_request", { message: "body: a JSON object is wanted." });
  }
  const plain = Object.entries(parsed.data).filter(([name]) => FIELD_NAME.test(name));
  const { model, ...fields } = Object.fromEntries(plain);
  const named = read(modelSchema, model, "model") ?? undefined;
  const wanted = read(streamSchema, fields["stream"], "stream") ?? surface.stream?.byDefault;
  if (fields["options"] !== undefined) fields["options"] = readOptions(fields["options"]);
  if (fields["keep_alive"] !== undefined) {
    if (mayKeep && fields["keep_alive"] !== null) {
      fields["keep_alive"] = readKeepAlive(fields["keep_alive"]);
    } else {
      delete fields["keep_alive"];
    }
  }
  for (const name of surface.tokenFields) {
    if (typeof fields[name] === "number") fields[name] = read(tokenCount, fields[name], name);
  }
  return { model: named, stream: surface.stream !== undefined && wanted === true, fields };
}

function read<Schema extends z.ZodType>(schema: Schema, value: unknown, name: string) {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.issues[0]?.message ?? "invalid";
  throw new RelayError("bad_request", { message: `${name}: ${reason}.` });
}

/** Pictures are words to nobody. */
function withoutPictures(name: string, value: unknown): unknown {
  if (name === "images" || name === "image_url" || name === "source") return undefined;
  return typeof value === "string" && value.startsWith("data:") ? undefined : value;
}

/** Tokens of a text, where nobody counted them: a quarter of its bytes. */
export function estimateTokens(value: unknown): number {
  const text = JSON.stringify(value, withoutPictures) ?? "";
  return Math.ceil(new TextEncoder().encode(text).length / BYTES_A_TOKEN);
}

/** The same for what a body gives the model to read. */
export function estimatePromptTokens(surface: Surface, fields: RuledBody["fields"]): number {
  return surface.promptFields.reduce((sum, name) => sum + estimateTokens(fields[name] ?? ""), 0);
}
