import { z } from "zod";
import type { ChatMessage, ChatRequest } from "../chat.ts";
import { RelayError } from "../errors.ts";
import { badRequest, readKeepAlive, readOptions } from "./options.ts";
import { decodeUiMessage, type UiMessage } from "./ui-messages.ts";

const MAX_MESSAGES = 2_000;
const MAX_IMAGES = 16;
const MAX_TOOLS = 128;

const base64 = z.base64({ error: "base64 is wanted, without a data: prefix" }).min(4);

const toolCall = z.object({
  id: z.string().max(200).optional(),
  function: z.object({
    name: z.string().min(1).max(200),
    arguments: z.record(z.string(), z.unknown()),
  }),
});

const message = z
  .object({
    role: z.enum(["system", "user", "assistant", "tool"]),
    content: z.string().optional(),
    parts: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).optional(),
    images: z.array(base64).max(MAX_IMAGES).optional(),
    tool_calls: z.array(toolCall).max(MAX_TOOLS).optional(),
    tool_name: z.string().max(200).optional(),
    tool_call_id: z.string().max(200).optional(),
  })
  .refine(({ content, parts }) => content === undefined || parts === undefined, {
    error: "either content or parts is wanted",
  })
  .refine(({ content, parts, tool_calls: calls }) => (content ?? parts ?? calls) !== undefined, {
    error: "either content or parts is wanted",
  });

const tool = z.looseObject({
  type: z.literal("function"),
  function: z.looseObject({
    name: z.string().min(1).max(200),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
  }),
});

const bodySchema = z.object({
  model: z.string().min(1).max(200).nullish(),
  messages: z.array(message).min(1).max(MAX_MESSAGES),
  stream: z.boolean().optional(),
  think: z.union([z.boolean(), z.enum(["low", "medium", "high", "max"])]).nullish(),
  format: z.union([z.literal("json"), z.record(z.string(), z.unknown())]).nullish(),
  tools: z.array(tool).max(MAX_TOOLS).nullish(),
  keep_alive: z.unknown().optional(),
  options: z.unknown().optional(),
  context: z.enum(["refuse", "trim"]).default("refuse"),
});

/**
 * Reads the body of POST /api/chat: AI SDK UI messages (with `parts`) or plain `{role, content}` ones.
 * Throws RelayError `bad_request` that names the offending path.
 */
export function decodeChatBody(body: unknown): ChatRequest {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw badRequest(parsed.error);
  const { messages, stream, keep_alive: keepAlive, options, context } = parsed.data;
  const { model, think, format, tools } = parsed.data;
  const decoded = messages.flatMap(decodeMessage);
  // The steps of an assistant are messages of their own.
  if (decoded.length > MAX_MESSAGES) {
    throw new RelayError("bad_request", {
      message: `messages: at most ${MAX_MESSAGES} are taken.`,
    });
  }
  return {
    model: model ?? undefined,
    messages: decoded,
    stream: stream ?? messages.some(({ parts }) => parts !== undefined),
    think: think ?? undefined,
    format: format ?? undefined,
    tools: tools === undefined || tools === null || tools.length === 0 ? undefined : tools,
    keepAlive: keepAlive === undefined || keepAlive === null ? undefined : readKeepAlive(keepAlive),
    context,
    options: readOptions(options),
  };
}

function decodeMessage(sent: z.output<typeof message>, index: number): ChatMessage[] {
  const { parts, ...plain } = sent;
  if (parts === undefined) return [{ ...plain, content: plain.content ?? "" }];
  const ui: UiMessage = { role: plain.role, parts };
  return decodeUiMessage(ui, `messages.${index}.parts`);
}
