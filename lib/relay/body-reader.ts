import { z } from "zod";
import { RelayError } from "../errors.ts";
import type { StreamUsage } from "../wire/stream-kinds.ts";
import type { MeteredReader } from "./task.ts";

/** Embeddings of a large batch are the largest. */
const CAP_BYTES = 67_108_864;

const count = z.number().nonnegative().optional().catch(undefined);
const counts = z.object({
  prompt_eval_count: count,
  eval_count: count,
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      input_tokens: count,
      output_tokens: count,
    })
    .nullish(),
});

/** Reads an answer that is one JSON document, to be passed on as it came. */
export class BodyReader implements MeteredReader {
  readonly isSeen = false;
  /** Nobody said how many, and nothing streamed. */
  readonly tokenRecords = 0;
  usage: StreamUsage | undefined;
  body: Uint8Array<ArrayBuffer> = new Uint8Array();
  readonly #isWhole: (document: unknown) => boolean;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  /** @param isWhole whether a document came to its end */
  constructor(isWhole: (document: unknown) => boolean = () => true) {
    this.#isWhole = isWhole;
  }

  take(bytes: Buffer): boolean {
    this.#size += bytes.length;
    if (this.#size > CAP_BYTES)
      throw new RelayError("ollama_failed", { cause: "answer too large" });
    this.#chunks.push(bytes);
    return false;
  }

  /** A document that is not whole is no answer. */
  end(): boolean {
    const bytes = Buffer.concat(this.#chunks);
    const document: unknown = JSON.parse(bytes.toString("utf8"));
    if (!this.#isWhole(document)) return false;
    this.body = new Uint8Array(bytes);
    const read = counts.safeParse(document).data;
    const { usage } = read ?? {};
    const promptTokens = read?.prompt_eval_count ?? usage?.prompt_tokens ?? usage?.input_tokens;
    const completionTokens =
      read?.eval_count ?? usage?.completion_tokens ?? usage?.output_tokens ?? 0;
    this.usage = { ...(promptTokens === undefined ? {} : { promptTokens }), completionTokens };
    return true;
  }
}
