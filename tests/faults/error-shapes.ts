/** Errors as each dialect's own clients expect them, written from their references, not from ours. */
import { z } from "zod";

const code = z.string().regex(/^[a-z_]+$/);
const sentence = z.string().min(10);
const details = {
  code,
  link: z.enum(["browser", "app", "network", "door", "ollama"]),
  fix: sentence,
  retryable: z.boolean(),
  retryAfterSeconds: z.int().positive().optional(),
  requestId: z.string().min(8),
};

/** What an error tells: its code, and the broken link where the dialect has a place for it. */
export interface ToldError {
  readonly code: string;
  readonly link?: string;
}

export type ErrorShape = z.ZodType<ToldError>;

const appError = z
  .strictObject({ ...details, message: sentence })
  .transform((error): ToldError => error);

/** The error of our own routes. */
export const APP_ERROR: ErrorShape = z
  .strictObject({ error: appError })
  .transform(({ error }) => error);

/** The part of a UI message stream that holds one. */
export const PROBLEM_PART: ErrorShape = z
  .strictObject({ type: z.literal("data-problem"), data: appError })
  .transform(({ data }) => data);

/** `error` is a text: Ollama's clients show it. */
export const OLLAMA_ERROR: ErrorShape = z
  .strictObject({ ...details, error: sentence })
  .transform(({ code: told, link }) => ({ code: told, link }));

export const OPENAI_ERROR: ErrorShape = z
  .strictObject({
    error: z.strictObject({ message: sentence, type: z.string(), param: z.null(), code }),
  })
  .transform(({ error }) => ({ code: error.code }));

/** The `error` event of a /v1/responses stream. */
export const RESPONSES_ERROR: ErrorShape = z
  .strictObject({ type: z.literal("error"), code, message: sentence, param: z.null() })
  .transform(({ code: told }) => ({ code: told }));

/** Our code has no place but the message. */
export const ANTHROPIC_ERROR: ErrorShape = z
  .strictObject({
    type: z.literal("error"),
    error: z.strictObject({ type: z.string(), message: z.string() }),
    request_id: z.string().min(8),
  })
  .transform(({ error }) => ({ code: / \(([a-z_]+)\)$/.exec(error.message)?.[1] ?? "no code" }));

/** The error in a text that is one of this shape; undefined for every other text. */
export function errorIn(shape: ErrorShape, json: string): ToldError | undefined {
  try {
    return shape.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
