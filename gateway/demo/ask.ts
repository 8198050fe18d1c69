import { Refusal } from "./refusal.ts";

/** One message of a conversation, whatever the dialect it came in. */
export interface Turn {
  readonly role: string;
  readonly content: string;
  /** Base64. */
  readonly images: readonly string[];
}

export interface ToolOffer {
  readonly name: string;
  /** JSON Schema of its arguments. */
  readonly parameters: unknown;
}

/** A request for words, whatever the dialect it came in. */
export interface Ask {
  readonly verb: "chat" | "generate";
  /** As the client wrote it: the answer repeats it. */
  readonly model: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolOffer[];
  readonly stream: boolean;
  /** Undefined: a model that can think does. */
  readonly think: boolean | string | undefined;
  /** "json" or a JSON Schema; undefined: prose. */
  readonly format: unknown;
  /** Ollama's runner options, not checked yet. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly truncate: boolean;
  readonly shift: boolean;
  /** Undefined: Ollama's own five minutes. */
  readonly keepAliveMs: number | undefined;
  /** Alternatives a token is reported with; undefined: no probabilities. */
  readonly topLogprobs: number | undefined;
}

/** What every dialect leaves alone. */
export const PLAIN_ASK = {
  verb: "chat",
  tools: [],
  think: undefined,
  format: undefined,
  options: {},
  truncate: true,
  shift: true,
  keepAliveMs: undefined,
  topLogprobs: undefined,
} as const satisfies Partial<Ask>;

/** The runner options that the engine heeds. */
export interface RunnerOptions {
  /** Undefined or negative: no end. */
  readonly num_predict?: number;
  readonly num_ctx?: number;
  readonly stop?: readonly string[];
}

const OPTION_TYPES: Readonly<Record<string, "float32" | "integer" | "boolean" | "array">> = {
  num_keep: "integer",
  seed: "integer",
  num_predict: "integer",
  top_k: "integer",
  repeat_last_n: "integer",
  num_ctx: "integer",
  num_batch: "integer",
  num_gpu: "integer",
  main_gpu: "integer",
  num_thread: "integer",
  top_p: "float32",
  min_p: "float32",
  typical_p: "float32",
  temperature: "float32",
  repeat_penalty: "float32",
  presence_penalty: "float32",
  frequency_penalty: "float32",
  use_mmap: "boolean",
  stop: "array",
};

function hasType(value: unknown, type: "float32" | "integer" | "boolean" | "array"): boolean {
  if (type === "array") return Array.isArray(value);
  return typeof value === (type === "boolean" ? "boolean" : "number");
}

/**
 * The options that matter here. An option that Ollama does not know is ignored.
 * @throws {Refusal} 500 for a wrongly typed one, as in the recording chat-bad-option
 */
export function readOptions(options: Readonly<Record<string, unknown>>): RunnerOptions {
  for (const [name, value] of Object.entries(options)) {
    const type = OPTION_TYPES[name];
    const absent = value === undefined || value === null;
    if (type === undefined || absent || hasType(value, type)) continue;
    throw new Refusal(500, `option "${name}" must be of type ${type}`);
  }
  const { num_predict, num_ctx, stop } = options;
  return {
    ...(typeof num_predict === "number" ? { num_predict } : {}),
    ...(typeof num_ctx === "number" ? { num_ctx } : {}),
    ...(Array.isArray(stop) ? { stop: stop.filter((item) => typeof item === "string") } : {}),
  };
}

/** What the person said last. */
export function lastUserMessage(ask: Ask): string {
  return ask.turns.findLast((turn) => turn.role === "user")?.content ?? "";
}
