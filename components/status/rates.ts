import type { ReplyMetadata } from "../../lib/chat.ts";
import { decodeRates, encodeRates, learn, type Rates } from "./estimates.ts";

const KEY = "latchkey.rates";

/** What this device saw of its models' speed; nothing where the browser keeps nothing. */
export function readRates(): Rates {
  try {
    return decodeRates(localStorage.getItem(KEY));
  } catch {
    // Storage is refused to this page: then there are no estimates.
    return new Map();
  }
}

export interface Answered {
  readonly metadata: ReplyMetadata;
  /** Bytes on disk, by the list of models. */
  readonly modelBytes: number | undefined;
  /** The phase `loading` was told of this answer. */
  readonly sawLoading: boolean;
}

/** Keeps what an answer that has ended taught of its model's speed. Never throws. */
export function rememberRates({ metadata, modelBytes, sawLoading }: Answered): void {
  const { model, loadMs, promptTokens, promptTokensPerSecond } = metadata;
  if (model === undefined) return;
  const known = readRates();
  const next = learn(known, {
    model,
    sawLoading,
    modelBytes,
    loadMs,
    promptTokens,
    promptTokensPerSecond,
  });
  if (next === known) return;
  try {
    localStorage.setItem(KEY, encodeRates(next));
  } catch {
    // Refused or full: the next estimate is made without it.
  }
}
