import { z } from "zod";
import type { ChatMessage, ChatOptions, ChatRequest } from "../chat.ts";
import { RelayError } from "../errors.ts";

const MAX_MESSAGES = 2_000;
const ROLES = ["system", "user", "assistant"] as const;

/** Named in the contract, not carried yet: refused rather than silently dropped. */
const refused = z.undefined({ error: "not taken by this version" }).optional();

const message = z
  .object({
    role: z.enum(ROLES),
    content: z.string().optional(),
    parts: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).optional(),
    images: refused,
    tool_calls: refused,
  })
  .refine(({ content, parts }) => (content === undefined) !== (parts === undefined), {
    error: "either content or parts is wanted",
  });

const clamped = (low: number, high: number) =>
  z.number().transform((value) => Math.min(high, Math.max(low, value)));
const clampedInteger = (low: number, high: number) =>
  z.int().transform((value) => Math.min(high, Math.max(low, value)));

/** The allow-list of options, with types and clamps: Ollama answers a wrong type with a 500. */
const optionsSchema = z.object({
  temperature: clamped(0, 2).optional(),
  num_ctx: clampedInteger(256, 131_072).optional(),
  num_predict: clampedInteger(1, 131_072).optional(),
  seed: clampedInteger(0, 2_147_483_647).optional(),
  stop: z.array(z.string().min(1).max(200)).max(8).optional(),
});

const bodySchema = z.object({
  model: z.string().min(1).max(200).optional(),
  messages: z.array(message).min(1).max(MAX_MESSAGES),
  stream: z.boolean().optional(),
  think: z.union([z.boolean(), z.enum(["low", "medium", "high", "max"])]).optional(),
  options: optionsSchema.optional(),
  format: refused,
  tools: refused,
  keep_alive: refused,
  context: refused,
});

/**
 * Reads the body of POST /api/chat: AI SDK UI messages (with `parts`) or plain `{role, content}` ones.
 * Throws RelayError `bad_request` that names the offending path.
 */
export function decodeChatBody(body: unknown): ChatRequest {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw badRequest(parsed.error);
  const { model, messages, stream, think, options } = parsed.data;
  return {
    ...(model === undefined ? {} : { model }),
    messages: messages.map((each, index) => decodeMessage(each, index)),
    stream: stream ?? messages.some(({ parts }) => parts !== undefined),
    ...(think === undefined ? {} : { think }),
    options: withoutUndefined(options ?? {}),
  };
}

function decodeMessage(sent: z.output<typeof message>, index: number): ChatMessage {
  const { role, content = "", parts } = sent;
  if (parts === undefined) return { role, content };
  const place = parts.findIndex(({ type }) => type === "file");
  if (place !== -1) {
    const path = `messages.${index}.parts.${place}`;
    throw new RelayError("bad_request", {
      message: `${path}: files are not taken by this version.`,
    });
  }
  // What the model thought, our own data parts and step marks are not sent back to it.
  const text = parts.flatMap((part) => (part.type === "text" ? [part.text ?? ""] : []));
  return { role, content: text.join("\n\n") };
}

function withoutUndefined(options: z.output<typeof optionsSchema>): ChatOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function badRequest(error: z.ZodError): RelayError {
  const [issue] = error.issues;
  const path = issue === undefined ? "" : issue.path.join(".");
  const reason = issue?.code === "invalid_union" ? "of no form this route takes" : issue?.message;
  return new RelayError("bad_request", { message: `${path || "body"}: ${reason ?? "invalid"}.` });
}
