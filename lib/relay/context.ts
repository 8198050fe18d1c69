import type { Model } from "../catalogue.ts";
import type { ChatRequest, NoticeData } from "../chat.ts";
import type { Config } from "../config.ts";
import { RelayError } from "../errors.ts";
import { listLoaded } from "../models.ts";
import { estimateChat, trimMessages } from "../wire/context.ts";

/** What Ollama of 2025 gives a model when nobody says otherwise (its FAQ, "context window"). */
const OLD_DEFAULT_CONTEXT = 4_096;
/** A quarter of the context is kept for the answer, unless a shorter one was asked for. */
const REPLY_SHARE = 0.25;
/** How often a conversation is shortened anew when Ollama still counts too much. */
const MOST_TRIMS = 3;

/** A chat whose conversation is made to fit, or believed to. */
export interface FittedChat {
  readonly chat: ChatRequest;
  readonly notice?: NoticeData;
  /** What an Ollama that drops what is too much has room for, in tokens; undefined for one that counts. */
  readonly contextTokens?: number;
}

/**
 * Sees to it that an Ollama of 2025 drops nothing by itself: the conversation is estimated, and refused or trimmed
 * as the caller chose. A newer one counts for itself, and is left to.
 * Throws RelayError `context_overflow` with both numbers, or what the door throws.
 */
export async function fitContext(
  config: Config,
  chat: ChatRequest,
  model: Model,
  signal: AbortSignal,
): Promise<FittedChat> {
  if (model.countsContext) return { chat };
  const contextTokens = await contextOf(config, chat, model, signal);
  const promptTokens = estimateChat(chat);
  if (promptTokens <= contextTokens) return { chat, contextTokens };
  if (chat.context === "refuse") throw overflow({ promptTokens, contextTokens }, true);
  const trimmed = trim(chat, { promptTokens, contextTokens }, 1);
  if (trimmed === undefined) throw overflow({ promptTokens, contextTokens }, true);
  return { ...trimmed, contextTokens };
}

/** An answer to Ollama's own refusal: the conversation without its oldest part, in its measure of tokens. */
export class Trimmer {
  readonly #chat: ChatRequest;
  #trims = 0;

  constructor(chat: ChatRequest) {
    this.#chat = chat;
  }

  /** Undefined when it is not to be trimmed, or cannot be. */
  next(error: RelayError): TrimmedChat | undefined {
    const { overflow: counted } = error.details;
    const mayTrim = this.#chat.context === "trim" && this.#trims < MOST_TRIMS;
    if (counted === undefined || !mayTrim) return undefined;
    this.#trims += 1;
    // Each further time a little less, should the measure differ from one message to the next.
    return trim(this.#chat, counted, 1 / this.#trims);
  }
}

interface TrimmedChat {
  readonly chat: ChatRequest;
  readonly notice: NoticeData;
}

interface Counted {
  readonly promptTokens: number;
  readonly contextTokens: number;
}

function trim(
  chat: ChatRequest,
  { promptTokens, contextTokens }: Counted,
  share: number,
): TrimmedChat | undefined {
  const estimate = estimateChat(chat);
  const tokensAnEstimate = promptTokens / Math.max(1, estimate);
  const wanted = chat.options.num_predict ?? Infinity;
  const reply = Math.min(wanted, Math.floor(contextTokens * REPLY_SHARE));
  const tools = estimateChat({ messages: [], tools: chat.tools });
  const room = ((contextTokens - reply) * share) / tokensAnEstimate - tools;
  const trimmed = trimMessages(chat.messages, room);
  if (trimmed === undefined || trimmed.left === 0) return undefined;
  return { chat: { ...chat, messages: trimmed.messages }, notice: trimNotice(trimmed.left) };
}

function trimNotice(left: number): NoticeData {
  const what = left === 1 ? "The oldest message was" : `The ${left} oldest messages were`;
  return { kind: "trimmed", message: `${what} left out: the model's context holds no more.` };
}

/** The context this chat will run in, in tokens. */
async function contextOf(
  config: Config,
  chat: ChatRequest,
  model: Model,
  signal: AbortSignal,
): Promise<number> {
  const most = model.contextLength ?? Infinity;
  const asked = chat.options.num_ctx;
  if (asked !== undefined) return Math.min(asked, most);
  const loaded = await listLoaded(config, signal);
  const own = loaded.find(({ name }) => name === model.name);
  return Math.min(own?.context_length ?? OLD_DEFAULT_CONTEXT, most);
}

/** Names both numbers. */
function overflow(counted: Counted, isEstimate: boolean): RelayError {
  const { promptTokens, contextTokens } = counted;
  const about = isEstimate ? "about " : "";
  return new RelayError("context_overflow", {
    message: `The conversation has ${about}${promptTokens} tokens, and the model's context holds ${contextTokens}.`,
    overflow: counted,
  });
}

/** How much of its prompt an old Ollama must have read at the least, as a share of the estimate. */
const LEAST_SHARE = 0.25;
/** A prompt that was cut fills the context to the last tokens. */
const FULL_MARGIN = 2;

/**
 * Whether an Ollama that does not refuse has dropped part of the conversation after all: it read far fewer tokens
 * than the words can be made of, or as many as the context holds and not one more.
 *
 * @param read the tokens it counted
 */
export function droppedNotice(
  { chat, contextTokens }: FittedChat,
  read: number | undefined,
): NoticeData | undefined {
  if (contextTokens === undefined || read === undefined) return undefined;
  const isFull = read >= contextTokens - FULL_MARGIN;
  if (!isFull && read >= estimateChat(chat) * LEAST_SHARE) return undefined;
  const message = `Ollama read ${read} tokens only: the beginning of the conversation did not fit.`;
  return { kind: "dropped", message };
}
