/** Asks the app for an answer. Loaded when the page is idle: it brings the AI SDK with it. */
import "./zod-without-eval.ts";
import { readUIMessageStream, type UIMessageChunk } from "ai";
import type { NoticeData, Phase, ReplyMetadata, StatusData } from "../lib/chat.ts";
import { REQUEST_ID_HEADER } from "../lib/contract.ts";
import type { ChatSettings, EndState, Message, Part, Problem } from "../lib/store/records.ts";
import { appFailed, readProblem } from "./problem.ts";
import { requestBody, toUiMessages } from "./request-body.ts";
import { ReplyTransport, type ReplyMessage } from "./transport.ts";

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

export interface ReplyEnd {
  readonly state: EndState;
  readonly problem?: Problem;
}

/** Streams one answer; resolves with how it ended, and never rejects for a failure of the chain. */
export async function streamReply(request: ReplyRequest): Promise<ReplyEnd> {
  const { chatId, requestId, model, settings, messages, signal } = request;
  let end: ReplyEnd = { state: "done" };
  const stream = await new ReplyTransport(request.fetch).sendMessages({
    trigger: "submit-message",
    chatId,
    messageId: undefined,
    messages: toUiMessages(messages, settings),
    abortSignal: signal,
    headers: { [REQUEST_ID_HEADER]: requestId },
    body: requestBody(messages, model, settings),
  });
  const grown = readUIMessageStream<ReplyMessage>({
    message: { id: "answer", role: "assistant", parts: [] },
    stream: stream.pipeThrough(
      withoutData({
        onStatus: request.onStatus,
        onProblem: (problem) => {
          end = { state: problem.code === "interrupted" ? "interrupted" : "failed", problem };
        },
      }),
    ),
    // Told by `data-problem` before; a failure without one is none that the app foresaw.
    onError: () => {
      if (end.problem === undefined) end = { state: "failed", problem: appFailed() };
    },
  });
  for await (const message of grown) request.onGrowth(toParts(message), message.metadata ?? {});
  return signal.aborted ? { state: "stopped" } : end;
}

interface DataListeners {
  readonly onStatus: (status: StatusData) => void;
  readonly onProblem: (problem: Problem) => void;
}

/** Takes out the parts that are about the answer and not of it. */
function withoutData(listeners: DataListeners): TransformStream<UIMessageChunk, UIMessageChunk> {
  return new TransformStream({
    transform(chunk, controller) {
      if (chunk.type === "data-status") {
        if (isStatus(chunk.data)) listeners.onStatus(chunk.data);
      } else if (chunk.type === "data-problem") {
        listeners.onProblem(readProblem(chunk.data) ?? appFailed());
      } else controller.enqueue(chunk);
    },
  });
}

const PHASES: Readonly<Record<Phase, true>> = {
  connecting: true,
  queued: true,
  loading: true,
  reading: true,
  thinking: true,
  writing: true,
};

function isStatus(data: unknown): data is StatusData {
  if (typeof data !== "object" || data === null) return false;
  const { phase, at }: { phase?: unknown; at?: unknown } = data;
  return typeof phase === "string" && Object.hasOwn(PHASES, phase) && typeof at === "number";
}

/** Empty ones are left out; each keeps the number it came with. */
function toParts({ parts }: ReplyMessage): Part[] {
  return parts.flatMap((part, number): Part[] => {
    const id = String(number);
    if (part.type === "text" || part.type === "reasoning") {
      const type = part.type === "text" ? "text" : "thinking";
      return part.text === "" ? [] : [{ id, type, text: part.text }];
    }
    return part.type === "data-notice" && isNotice(part.data)
      ? [{ id, type: "notice", notice: part.data }]
      : [];
  });
}

function isNotice(data: unknown): data is NoticeData {
  return typeof data === "object" && data !== null && "message" in data && "kind" in data;
}
