/** How much of the model's context a conversation takes. */
import type { ChatSettings, Message } from "../../lib/store/records.ts";

export interface ContextUse {
  /** Tokens; absent while nothing was said. */
  readonly usedTokens?: number;
  /** Tokens; absent where neither an answer nor the settings tell. */
  readonly contextLength?: number;
  /** Not all of `usedTokens` was counted by the model that is asked next. */
  readonly estimated?: boolean;
}

/** `near`: from 80 % on; `full`: from 95 %; `over`: more than there is. */
export type ContextLevel = "fine" | "near" | "full" | "over";

const NEAR = 0.8;
const FULL = 0.95;

export function levelOf(usedTokens: number, contextLength: number): ContextLevel {
  const share = usedTokens / contextLength;
  if (share > 1) return "over";
  if (share >= FULL) return "full";
  return share >= NEAR ? "near" : "fine";
}

/**
 * The real counts of the last answer that has them, and a rough estimate of what came after it.
 *
 * @param messages the branch in view, from its first message
 * @param model the one that is asked next; undefined: not known, then the last answer's counts are taken for its own
 * @param loadedLength tokens that this model was loaded with, by the list of models
 */
export function contextOf(
  messages: readonly Message[],
  settings: ChatSettings,
  model: string | undefined,
  loadedLength?: number,
): ContextUse {
  const counted = messages.findLastIndex(
    ({ role, metadata }) => role === "assistant" && metadata?.promptTokens !== undefined,
  );
  const metadata = messages[counted]?.metadata;
  const own = isOf(metadata?.model, model);
  const rest = messages.slice(counted + 1).reduce((sum, each) => sum + estimateMessage(each), 0);
  const usedTokens = (metadata?.promptTokens ?? 0) + (metadata?.completionTokens ?? 0) + rest;
  const isGuess = rest > 0 || !own || metadata?.estimated === true;
  const contextLength = lengthOf(messages, settings, model, loadedLength);
  return {
    ...(messages.length === 0 ? {} : { usedTokens }),
    ...(contextLength === undefined ? {} : { contextLength }),
    ...(isGuess && messages.length > 0 ? { estimated: true } : {}),
  };
}

/**
 * The smaller of what the model was last loaded with and what is asked for next: Ollama gives no more than the model
 * has, and the settings may have been lowered since.
 */
function lengthOf(
  messages: readonly Message[],
  { options }: ChatSettings,
  model: string | undefined,
  loadedLength: number | undefined,
): number | undefined {
  const told = messages.findLast(
    ({ metadata }) => metadata?.contextLength !== undefined && isOf(metadata.model, model),
  )?.metadata?.contextLength;
  const wanted = options?.["num_ctx"];
  // The first answer of a model that had to be loaded is asked before anybody can tell its length.
  const lengths = [told ?? loadedLength, wanted].filter(
    (each) => typeof each === "number" && each > 0,
  );
  return lengths.length === 0 ? undefined : Math.min(...lengths.map(Number));
}

/** A name without a tag means `:latest`. */
function isOf(answered: string | undefined, model: string | undefined): boolean {
  if (answered === undefined || model === undefined) return true;
  return withTag(answered) === withTag(model);
}

function withTag(name: string): string {
  return name.includes(":", name.lastIndexOf("/") + 1) ? name : `${name}:latest`;
}

/** What is sent of a message: its text and its text files, not what was thought. */
function estimateMessage({ parts, attachments = [] }: Message): number {
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const files = attachments.flatMap(({ kind, data }) => (kind === "text" ? [data] : []));
  return [...texts, ...files].reduce((sum, text) => sum + estimateTokens(text), 0);
}

const CHARACTERS_PER_TOKEN = 4;
/** Chinese, Japanese and Korean: about a token each. */
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** A rough count of a text's tokens, where nobody has counted. */
export function estimateTokens(text: string): number {
  const wide = text.match(WIDE)?.length ?? 0;
  return wide + Math.ceil((text.length - wide) / CHARACTERS_PER_TOKEN);
}
