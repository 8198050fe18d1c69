/** Asks the app for an answer. Loaded when the page is idle. */
import { createParser } from "eventsource-parser";
import type { ReplyMetadata, StatusData } from "../../lib/chat.ts";
import { REQUEST_ID_HEADER, ROUTES } from "../../lib/contract.ts";
import type { ChatSettings, Message, Part } from "../../lib/store/records.ts";
import { appFailed, interrupted, problemOfBody, problemOfFailedFetch } from "./problem.ts";
import { failed, ReplyReader, type ReplyEnd } from "./reply-reader.ts";
import { requestBody, toUiMessages } from "./request-body.ts";

export type { ReplyEnd };

export interface ReplyRequest {
  readonly chatId: string;
  /** The request's own number, by which the app can be asked what became of it. */
  readonly requestId: string;
  /** Undefined: the app's default. */
  readonly model: string | undefined;
  readonly settings: ChatSettings;
  /** The conversation up to the question, or up to the answer that is to go on. */
  readonly messages: readonly Message[];
  readonly signal: AbortSignal;
  readonly fetch?: typeof fetch;
  readonly onStatus: (status: StatusData) => void;
  /** Each time the answer has grown: all of it so far. */
  readonly onGrowth: (parts: readonly Part[], metadata: ReplyMetadata) => void;
}

/**
 * Streams one answer; resolves with how it ended, and never rejects for a failure of the chain. A stream that
 * ends without `finish` and without `error`, cut by the network or clean, is told as interrupted.
 */
export async function streamReply(request: ReplyRequest): Promise<ReplyEnd> {
  const end = await readAnswer(request);
  return request.signal.aborted ? { state: "stopped" } : end;
}

async function readAnswer(request: ReplyRequest): Promise<ReplyEnd> {
  let response: Response;
  try {
    response = await ask(request);
    if (!response.ok) return failed(problemOfBody(await response.text()));
  } catch (thrown) {
    const isNetwork = thrown instanceof TypeError;
    return failed(isNetwork ? problemOfFailedFetch(navigator.onLine) : appFailed());
  }
  return readStream(response, request);
}

function ask(request: ReplyRequest): Promise<Response> {
  const { chatId, requestId, model, settings, messages, signal } = request;
  const { fetch: send = (input, init) => fetch(input, init) } = request;
  return send(ROUTES.chat, {
    method: "POST",
    headers: { "content-type": "application/json", [REQUEST_ID_HEADER]: requestId },
    body: JSON.stringify({
      id: chatId,
      messages: toUiMessages(messages, settings),
      ...requestBody(messages, model, settings),
    }),
    signal,
  });
}

async function readStream(
  { body }: Response,
  { onStatus, onGrowth }: ReplyRequest,
): Promise<ReplyEnd> {
  const reply = new ReplyReader(onStatus);
  const parser = createParser({ onEvent: ({ data }) => reply.take(data) });
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  try {
    for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
      const { parts, metadata } = reply;
      parser.feed(decoder.decode(read.value, { stream: true }));
      if (reply.parts !== parts || reply.metadata !== metadata) {
        onGrowth(reply.parts, reply.metadata);
      }
    }
  } catch {
    // Cut by the network, or no JSON in it: why makes no difference to the person.
  }
  return reply.end ?? failed(interrupted(navigator.onLine));
}
