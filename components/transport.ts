import { APICallError, DefaultChatTransport, type UIMessage, type UIMessageChunk } from "ai";
import type { ReplyData, ReplyMetadata } from "../lib/chat.ts";
import { ROUTES } from "../lib/contract.ts";
import { failureChunks, withHonestEnd } from "./honest-end.ts";
import { appFailed, problemOfBody, problemOfFailedFetch, type Problem } from "./problem.ts";

/** A message on its way to and from the app. */
export type ReplyMessage = UIMessage<ReplyMetadata, ReplyData>;

type Options = Parameters<DefaultChatTransport<ReplyMessage>["sendMessages"]>[0];

/**
 * The AI SDK's transport, with failures told in one way: whatever breaks, before the first byte or
 * after it, arrives in the stream as `data-problem` and `error`. It never rejects; aborting ends it.
 */
export class ReplyTransport extends DefaultChatTransport<ReplyMessage> {
  constructor(fetchAnswer: typeof fetch = (input, init) => fetch(input, init)) {
    super({ api: ROUTES.chat, fetch: fetchAnswer });
  }

  override async sendMessages(options: Options): Promise<ReadableStream<UIMessageChunk>> {
    try {
      return withHonestEnd(await super.sendMessages(options), options.abortSignal);
    } catch (thrown) {
      const aborted = options.abortSignal?.aborted === true;
      return streamOf(aborted ? [] : failureChunks(problemOf(thrown)));
    }
  }
}

function problemOf(thrown: unknown): Problem {
  if (APICallError.isInstance(thrown)) return problemOfBody(thrown.responseBody ?? "");
  return thrown instanceof TypeError ? problemOfFailedFetch(navigator.onLine) : appFailed();
}

function streamOf(chunks: readonly UIMessageChunk[]): ReadableStream<UIMessageChunk> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}
