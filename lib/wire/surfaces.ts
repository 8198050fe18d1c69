import { z } from "zod";
import type { Dialect } from "./error-envelopes.ts";
import type { StreamKind } from "./stream-kinds.ts";

/** A path of Ollama's that asks the model for something, and how it is asked. */
export interface Surface {
  /** As the door and Ollama know it. */
  readonly path: string;
  readonly dialect: Dialect;
  /** Undefined: one JSON document, whatever the body says. */
  readonly stream?: {
    readonly kind: StreamKind;
    /** Whether a body that does not say streams. */
    readonly byDefault: boolean;
  };
  /** Whether an answer that is one document came to its end; undefined: it has none but its own. */
  readonly isWhole?: (document: unknown) => boolean;
  /** Fields of the body that bound how much the model says, in tokens. */
  readonly tokenFields: readonly string[];
  /** The field where the words for the model stand, to estimate their number by. */
  readonly promptFields: readonly string[];
}

/** Ollama's documents are its last record; the 30-repeat guard ends them without it (WIRE.md). */
const doneDocument = z.object({ done: z.literal(true) });
const finishedChoices = z.object({
  choices: z.array(z.object({ finish_reason: z.string().min(1) })),
});
const stoppedMessage = z.object({ stop_reason: z.string().min(1) });

const fits = (schema: z.ZodType) => (document: unknown) => schema.safeParse(document).success;

const OLLAMA = { dialect: "ollama", tokenFields: [] } as const;
const OPENAI = { dialect: "openai", tokenFields: [] } as const;

/** The surfaces that are relayed byte for byte. */
export const SURFACES: readonly Surface[] = [
  {
    ...OLLAMA,
    path: "/api/chat",
    stream: { kind: "ollama-chat", byDefault: true },
    isWhole: fits(doneDocument),
    promptFields: ["messages", "tools"],
  },
  {
    ...OLLAMA,
    path: "/api/generate",
    stream: { kind: "ollama-generate", byDefault: true },
    isWhole: fits(doneDocument),
    promptFields: ["prompt", "system", "suffix", "context", "images"],
  },
  { ...OLLAMA, path: "/api/embed", promptFields: ["input"] },
  { ...OLLAMA, path: "/api/embeddings", promptFields: ["prompt"] },
  {
    ...OPENAI,
    path: "/v1/chat/completions",
    stream: { kind: "openai", byDefault: false },
    isWhole: fits(finishedChoices),
    tokenFields: ["max_tokens", "max_completion_tokens"],
    promptFields: ["messages", "tools"],
  },
  {
    ...OPENAI,
    path: "/v1/completions",
    stream: { kind: "openai", byDefault: false },
    isWhole: fits(finishedChoices),
    tokenFields: ["max_tokens"],
    promptFields: ["prompt", "suffix"],
  },
  { ...OPENAI, path: "/v1/embeddings", promptFields: ["input"] },
  {
    ...OPENAI,
    path: "/v1/responses",
    stream: { kind: "responses", byDefault: false },
    tokenFields: ["max_output_tokens"],
    promptFields: ["input", "instructions", "tools"],
  },
  {
    path: "/v1/messages",
    dialect: "anthropic",
    stream: { kind: "anthropic", byDefault: false },
    isWhole: fits(stoppedMessage),
    tokenFields: ["max_tokens"],
    promptFields: ["messages", "system", "tools"],
  },
];
