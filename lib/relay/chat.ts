import type { NextRequest } from "next/server";
import { readJson } from "./body.ts";
import type { ChatRequest, Think } from "./chat.ts";
import { RelayError } from "./errors.ts";
import { chooseModel, type Model } from "./models.ts";
import { answerWithJson, answerWithStream } from "./reply.ts";
import { respond } from "./respond.ts";
import { decodeChatBody } from "./wire/chat-body.ts";
import { encodeChatRequest } from "./wire/ollama-records.ts";

/**
 * POST /api/chat, one straight line: lock, body, model, options, forward, translate.
 * Until the first byte a failure is an HTTP status; from then on it is told in the stream.
 */
export function relayChat(request: NextRequest): Promise<Response> {
  return respond(request, async (context) => {
    const { config, exchange } = context;
    const chat = decodeChatBody(await readJson(request, config.maxBodyBytes));
    const model = await chooseModel(config, chat.model, exchange.signal);
    const body = encodeChatRequest(chat, model.name, chooseThink(chat, model));
    const prepared = { context, model, body };
    return chat.stream ? answerWithStream(prepared) : answerWithJson(prepared);
  });
}

/**
 * A model that can think is always told whether to: without the field an Ollama of 2025 writes the thought
 * into the text (WIRE.md). A model that cannot is never sent the field.
 */
function chooseThink(chat: ChatRequest, model: Model): Think | undefined {
  if (!model.capabilities.includes("completion")) {
    throw new RelayError("unsupported_capability", { message: "This model does not chat." });
  }
  if (model.capabilities.includes("thinking")) return chat.think ?? true;
  if (chat.think === undefined || chat.think === false) return undefined;
  throw new RelayError("unsupported_capability", { message: "This model does not think aloud." });
}
