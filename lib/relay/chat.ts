import type { NextRequest } from "next/server";
import { readJson } from "../body.ts";
import type { Model } from "../catalogue.ts";
import type { ChatRequest, Think } from "../chat.ts";
import { RelayError } from "../errors.ts";
import { requireTokens } from "../limits.ts";
import { chooseModel } from "../models.ts";
import { respond, type Later } from "../respond.ts";
import { decodeChatBody } from "../wire/chat-body.ts";
import { answerWithJson, answerWithStream } from "./chat-reply.ts";
import { fitContext } from "./context.ts";

/**
 * POST /api/chat, one straight line: lock, limit, body, model, options, context, forward, translate.
 * Until the first byte a failure is an HTTP status; from then on it is told in the stream.
 */
export function relayChat(request: NextRequest, later: Later): Promise<Response> {
  return respond(request, async (context) => {
    const { config, exchange, caller } = context;
    const mostTokens = await requireTokens(config, caller);
    const asked = decodeChatBody(await readJson(request, config.maxBodyBytes));
    const model = await chooseModel(config, caller.role, asked.model, exchange.signal);
    requireCapabilities(asked, model);
    const chat = bound(asked, caller.role === "guest", mostTokens);
    const fitted = await fitContext(config, chat, model, exchange.signal);
    const prepared = { context, later, model, think: chooseThink(chat, model), ...fitted };
    return chat.stream ? answerWithStream(prepared) : answerWithJson(prepared);
  });
}

/** No guest changes how much memory a model takes or how long, and nobody is answered past their budget. */
function bound(chat: ChatRequest, isGuest: boolean, mostTokens: number): ChatRequest {
  const { num_ctx, num_predict, ...options } = chat.options;
  const most = Math.min(num_predict ?? Infinity, mostTokens);
  return {
    ...chat,
    keepAlive: isGuest ? undefined : chat.keepAlive,
    options: {
      ...options,
      ...(isGuest || num_ctx === undefined ? {} : { num_ctx }),
      ...(Number.isFinite(most) ? { num_predict: most } : {}),
    },
  };
}

/** What an Ollama of 2025 would leave out without a word is refused here, on either generation (WIRE.md). */
function requireCapabilities(chat: ChatRequest, { capabilities }: Model): void {
  const require = (isAsked: boolean, capability: string, message: string): void => {
    if (isAsked && !capabilities.includes(capability)) {
      throw new RelayError("unsupported_capability", { message });
    }
  };
  require(true, "completion", "This model does not chat.");
  require(chat.tools !== undefined, "tools", "This model does not use tools.");
  const hasImages = chat.messages.some(({ images }) => images !== undefined && images.length > 0);
  require(hasImages, "vision", "This model does not see images.");
  const thinks = chat.think !== undefined && chat.think !== false;
  require(thinks, "thinking", "This model does not think aloud.");
}

/**
 * A model that can think is always told whether to: without the field an Ollama of 2025 writes the thought
 * into the text (WIRE.md). A model that cannot is never sent the field.
 */
function chooseThink(chat: ChatRequest, { capabilities }: Model): Think | undefined {
  return capabilities.includes("thinking") ? (chat.think ?? true) : undefined;
}
