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

/** What a role, and what is left of its budget, allow. */
export interface CallerRules {
  /** Whether the caller may say how long a model stays in memory, and how much of it its context takes. */
  readonly mayKeep: boolean;
  /** Tokens that a reply may have; Infinity: no bound of the caller's. */
  readonly mostTokens: number;
}

/** A template is a program that Ollama runs: a few loops of one fill the machine's memory. */
const NEVER_SENT = ["template"] as const;

/** Fields that Ollama quotes in its errors when they are wrong. */
const TYPED = {
  think: z.union([z.boolean(), z.enum(["low", "medium", "high", "max"])]).nullish(),
  format: z.union([z.enum(["json", ""]), z.record(z.string(), z.unknown())]).nullish(),
} as const;
const pictureSchema = z.object({
  type: z.literal("base64"),
  media_type: z.string().regex(/^image\//),
  data: z.string(),
});
const toolSchema = z.object({ type: z.string().optional() });

const LETTERS_A_TOKEN = 4;
const TOKENS_AN_OTHER = 0.7;

const bodySchema = z.record(z.string(), z.unknown());
const modelSchema = z.string().min(1).max(200).nullish();
const streamSchema = z.boolean().nullish();

/**
 * Holds a body of a relayed surface to the rules: plain field names, options by list and within bounds, a bounded
 * reply, a bounded stay in memory. Everything else passes as it came, so that what Ollama gains arrives.
 * @param caller what the caller may say of the model's memory, and how much may be said
 * Throws RelayError `bad_request` that names the offending path.
 */
export function applyBodyRules(surface: Surface, body: unknown, caller: CallerRules): RuledBody {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success || Array.isArray(body)) {
    throw new RelayError("bad_request", { message: "body: a JSON object is wanted." });
  }
  const plain = Object.entries(parsed.data).filter(([name]) => FIELD_NAME.test(name));
  const { model, ...fields } = Object.fromEntries(plain);
  for (const name of NEVER_SENT) delete fields[name];
  const named = read(modelSchema, model, "model") ?? undefined;
  const wanted = read(streamSchema, fields["stream"], "stream") ?? surface.stream?.byDefault;
  for (const [name, schema] of Object.entries(TYPED)) {
    if (fields[name] !== undefined) fields[name] = read(schema, fields[name], name);
  }
  refuseHostedTools(fields["tools"]);
  bindOptions(surface, fields, caller);
  if (fields["keep_alive"] !== undefined) {
    if (caller.mayKeep && fields["keep_alive"] !== null) {
      fields["keep_alive"] = readKeepAlive(fields["keep_alive"]);
    } else {
      delete fields["keep_alive"];
    }
  }
  for (const name of surface.tokenFields) {
    if (typeof fields[name] !== "number") continue;
    fields[name] = Math.min(read(tokenCount, fields[name], name), caller.mostTokens);
  }
  // A caller with a budget may not be answered past it: the first name is the one that all versions know.
  const [tokenField] = surface.tokenFields;
  const isBound = surface.tokenFields.some((name) => typeof fields[name] === "number");
  if (tokenField !== undefined && !isBound && Number.isFinite(caller.mostTokens)) {
    fields[tokenField] = caller.mostTokens;
  }
  return { model: named, stream: surface.stream !== undefined && wanted === true, fields };
}

/** The runner options within their bounds, wherever a body brings some. */
function bindOptions(surface: Surface, fields: Record<string, unknown>, caller: CallerRules): void {
  const { num_ctx, num_predict, ...options } = readOptions(fields["options"]);
  const mayChangeContext = caller.mayKeep && num_ctx !== undefined;
  const most = Math.min(num_predict ?? Infinity, caller.mostTokens);
  // The other dialects have a field of their own for it, and embeddings have no length.
  const isBound = surface.dialect === "ollama" && surface.stream !== undefined;
  const bound = {
    ...options,
    ...(mayChangeContext ? { num_ctx } : {}),
    ...(isBound && Number.isFinite(most) ? { num_predict: most } : {}),
  };
  if (Object.keys(bound).length > 0) fields["options"] = bound;
  else delete fields["options"];
}

/**
 * Tools that somebody else runs, such as web search: Ollama would ask ollama.com for them on the owner's account.
 * Throws RelayError `bad_request` that names the place.
 */
function refuseHostedTools(tools: unknown): void {
  if (!Array.isArray(tools)) return;
  for (const [index, tool] of tools.entries()) {
    const { type } = toolSchema.safeParse(tool).data ?? {};
    if (type === undefined || type === "function" || type === "custom") continue;
    const message = `tools.${index}.type: only function and custom are taken.`;
    throw new RelayError("bad_request", { message });
  }
}

function read<Schema extends z.ZodType>(schema: Schema, value: unknown, name: string) {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.issues[0]?.message ?? "invalid";
  throw new RelayError("bad_request", { message: `${name}: ${reason}.` });
}

/** What a vision model makes of one picture, about. */
const TOKENS_A_PICTURE = 768;
const PICTURE = /^data:image\/[\w.+-]+;base64,/;

/**
 * Tokens of what the model is given to read, where nobody counted them: by its letters and signs, and a picture by
 * itself. A picture is known by its place and by its beginning, and what only looks like one is text.
 */
export function estimateTokens(value: unknown, name = ""): number {
  if (typeof value === "string") {
    if (name === "images" || PICTURE.test(value)) return TOKENS_A_PICTURE;
    return estimateText(value);
  }
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, each) => sum + estimateTokens(each, name), 0);
  }
  if (typeof value !== "object" || value === null) return value === undefined ? 0 : 1;
  if (isBase64Picture(value)) return TOKENS_A_PICTURE;
  return Object.entries(value).reduce(
    (sum, [key, each]) => sum + estimateTokens(each, key) + key.length / LETTERS_A_TOKEN,
    0,
  );
}

/**
 * About four letters make a token of a common word; of digits, signs and other scripts hardly two do.
 */
function estimateText(text: string): number {
  let others = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 32;
    if (!isLetter && code !== 10) others += 1;
  }
  return Math.ceil((text.length - others) / LETTERS_A_TOKEN + others * TOKENS_AN_OTHER);
}

/** Anthropic's way: `{type: "base64", media_type: "image/...", data}`. */
function isBase64Picture(value: object): boolean {
  return pictureSchema.safeParse(value).success;
}

/** The same for what a body gives the model to read. */
export function estimatePromptTokens(surface: Surface, fields: RuledBody["fields"]): number {
  const tokens = surface.promptFields.map((name) => estimateTokens(fields[name], name));
  return Math.ceil(tokens.reduce((sum, each) => sum + each, 0));
}
