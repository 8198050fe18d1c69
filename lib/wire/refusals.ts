import { z } from "zod";
import type { ErrorCode } from "../error-table.ts";

/** What Ollama's words in an error mean. */
export interface Refusal {
  /** Undefined: words that are not known here. */
  readonly code?: ErrorCode;
  /** Our sentence, where the table's says too little. */
  readonly message?: string;
  readonly overflow?: { readonly promptTokens: number; readonly contextTokens: number };
  /** As it came, for the log. */
  readonly cause: string;
}

interface Meaning {
  readonly words: RegExp;
  readonly code: ErrorCode;
  readonly message?: (match: RegExpExecArray) => string;
}

/** Ollama's own error texts, both generations (recordings), by what they mean to the person; the first counts. */
const MEANINGS: readonly Meaning[] = [
  { words: /^model ['"].*['"] not found/, code: "model_not_found" },
  {
    words: /does not support (thinking|tools|chat|generate|embeddings|insert|completion)\b/,
    code: "unsupported_capability",
    message: ([, what = ""]) => `This model does not support ${what}.`,
  },
  {
    words: /does not support multimodal|Multimodal data provided|missing data required for image/i,
    code: "unsupported_capability",
    message: () => "This model does not see images.",
  },
  {
    words: /does not support embeddings/,
    code: "unsupported_capability",
    message: () => "This model does not make embeddings.",
  },
  { words: /^think value .* is not supported/, code: "unsupported_capability" },
  { words: /^server busy/, code: "ollama_busy" },
  {
    words: /^option "(\w+)" must be of type (\w+)/,
    code: "bad_request",
    message: ([, name = "", type = ""]) => `options.${name}: ${type} is wanted.`,
  },
  {
    words: /^(max_tokens) is required and must be positive/,
    code: "bad_request",
    message: () => "max_tokens: a number above 0 is required.",
  },
  {
    words: /^\[\] is too short - '(\w+)'/,
    code: "bad_request",
    message: ([, name = ""]) => `${name}: at least one is wanted.`,
  },
  {
    words: /illegal base64 data|failed to decode image|invalid image/,
    code: "bad_request",
    message: () => "An image in the request cannot be read.",
  },
  {
    words: /invalid duration|^time: /,
    code: "bad_request",
    message: () => 'keep_alive: seconds, or a duration such as "5m", is wanted.',
  },
  {
    words: /^(?:the )?(?:input|prompt)(?: length)? exceeds the context/i,
    code: "context_overflow",
  },
  { words: /^unauthorized$/, code: "ollama_failed" },
];

const WORDS = 300;

const errorText = z.union([
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
]);
const overflow = z.object({
  error: z.object({
    type: z.literal("exceed_context_size_error"),
    n_prompt_tokens: z.int().positive(),
    n_ctx: z.int().positive(),
  }),
});

/**
 * Reads an error body: Ollama's `{"error": "..."}`, OpenAI's and Anthropic's shapes, and the JSON that some of
 * them hold as a text (WIRE.md).
 * @returns undefined when it is none of them
 */
export function readRefusal(body: string): Refusal | undefined {
  const outer = parse(body);
  const text = errorText.safeParse(outer).data;
  const counted = overflow.safeParse(outer).data ?? overflow.safeParse(parse(text ?? "")).data;
  if (counted !== undefined) {
    const { n_prompt_tokens: promptTokens, n_ctx: contextTokens } = counted.error;
    return {
      code: "context_overflow",
      message: `The conversation has ${promptTokens} tokens, and the model's context holds ${contextTokens}.`,
      overflow: { promptTokens, contextTokens },
      cause: "exceed_context_size_error",
    };
  }
  if (text === undefined) return undefined;
  // Ollama quotes the caller in some: what stands further back is not its own words.
  const words = (errorText.safeParse(parse(text)).data ?? text).slice(0, WORDS);
  for (const { words: pattern, code, message } of MEANINGS) {
    const match = pattern.exec(words);
    if (match === null) continue;
    return { code, ...(message === undefined ? {} : { message: message(match) }), cause: words };
  }
  return { cause: words };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
