import { z } from "zod";
import type { ChatMessage, ChatOptions, ChatRequest } from "../chat.ts";
import { RelayError } from "../errors.ts";

const MAX_MESSAGES = 2_000;
const ROLES = ["system", "user", "assistant"] as const;

const uiMessage = z.object({
  role: z.enum(ROLES),
  parts: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
});
const plainMessage = z.object({ role: z.enum(ROLES), content: z.string() });

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
  messages: z
    .array(z.union([uiMessage, plainMessage]))
    .min(1)
    .max(MAX_MESSAGES),
  stream: z.boolean().optional(),
  think: z.union([z.boolean(), z.enum(["low", "medium", "high", "max"])]).optional(),
  options: optionsSchema.optional(),
  // Named in the contract, not carried yet: refused rather than silently dropped.
  format: z.undefined({ error: "not taken by this version" }).optional(),
  tools: z.undefined({ error: "not taken by this version" }).optional(),
  keep_alive: z.undefined({ error: "not taken by this version" }).optional(),
  context: z.undefined({ error: "not taken by this version" }).optional(),
});

type Body = z.output<typeof bodySchema>;

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
    messages: messages.map((message, index) => decodeMessage(message, index)),
    stream: stream ?? messages.some((message) => "parts" in message),
    ...(think === undefined ? {} : { think }),
    options: withoutUndefined(options ?? {}),
  };
}

function decodeMessage(sent: Body["messages"][number], index: number): ChatMessage {
  if ("content" in sent) return sent;
  const place = sent.parts.findIndex(({ type }) => type === "file");
  if (place !== -1) {
    const message = `messages.${index}.parts.${place}: files are not taken by this version.`;
    throw new RelayError("bad_request", { message });
  }
  // What the model thought, our own data parts and step marks are not sent back to it.
  const text = sent.parts.flatMap((part) => (part.type === "text" ? [part.text ?? ""] : []));
  return { role: sent.role, content: text.join("\n\n") };
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
