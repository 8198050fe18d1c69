import { Chat } from "@ai-sdk/react";
import {
  APICallError,
  DefaultChatTransport,
  isToolUIPart,
  getToolName,
  lastAssistantMessageIsCompleteWithToolCalls,
  type UIMessage,
} from "ai";
import { waitUntil } from "../helpers/wait-until.ts";
import { type Client, type Point, refusal } from "./client.ts";
import { CITY_SCHEMA, DEGREES, FUNCTION_TOOL, HELLO, WEATHER } from "./question.ts";

type Options = Partial<ConstructorParameters<typeof Chat<UIMessage>>[0]>;

/**
 * What the hook useChat holds: the hook itself only redraws when this changes, which needs a DOM.
 *
 * @param body what else every request carries
 */
function open({ appUrl, key }: Point, body: object, options: Options = {}): Chat<UIMessage> {
  const headers = { Authorization: `Bearer ${key}` };
  const transport = new DefaultChatTransport({ api: `${appUrl}/api/chat`, headers, body });
  return new Chat({ transport, ...options });
}

/** What the assistant has said or thought so far. */
function joined({ lastMessage }: Chat<UIMessage>, type: "text" | "reasoning"): string {
  if (lastMessage?.role !== "assistant") return "";
  return lastMessage.parts.map((part) => (part.type === type ? part.text : "")).join("");
}

/** It keeps its error, for the page to show. */
async function ask(chat: Chat<UIMessage>, text: string): Promise<void> {
  await chat.sendMessage({ text });
  if (chat.error !== undefined) throw chat.error;
}

async function chatOnce(point: Point): Promise<string> {
  const chat = open(point, { model: point.models.answer });
  await ask(chat, HELLO);
  return joined(chat, "text");
}

/** What came anew at each change of the messages. */
async function stream(point: Point): Promise<void> {
  const chat = open(point, { model: point.models.answer });
  let length = 0;
  const stop = chat["~registerMessagesCallback"](() => {
    const text = joined(chat, "text");
    if (text.length > length) point.tell(text.slice(length));
    length = text.length;
  });
  await ask(chat, HELLO);
  stop();
}

const statusOf = (error: unknown): number | undefined =>
  APICallError.isInstance(error) ? error.statusCode : undefined;

export const useChat: Client = {
  name: "@ai-sdk/react useChat",
  cells: {
    chat: chatOnce,
    stream,
    tools: async (point) => {
      let seen: { name: string; input: unknown } | undefined;
      const body = { model: point.models.tools, tools: [FUNCTION_TOOL] };
      const chat = open(point, body, {
        sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
        onToolCall: ({ toolCall }) => {
          seen = { name: toolCall.toolName, input: toolCall.input };
          const { toolCallId, toolName } = toolCall;
          void chat.addToolOutput({ tool: toolName, toolCallId, output: DEGREES });
        },
      });
      await ask(chat, WEATHER);
      await waitUntil("words after the result", () => {
        if (chat.error !== undefined) throw chat.error;
        return chat.status === "ready" && joined(chat, "text") !== "";
      });
      const call = chat.lastMessage?.parts.find(isToolUIPart);
      if (seen === undefined || call === undefined) throw new Error("There is no call.");
      return { name: getToolName(call), input: call.input, text: joined(chat, "text") };
    },
    thinking: async (point) => {
      const chat = open(point, { model: point.models.think });
      await ask(chat, HELLO);
      return { thinking: joined(chat, "reasoning"), text: joined(chat, "text") };
    },
    structured: async (point) => {
      const chat = open(point, { model: point.models.json, format: CITY_SCHEMA });
      await ask(chat, WEATHER);
      return JSON.parse(joined(chat, "text"));
    },
    embeddings: { cannot: "useChat has no embeddings" },
    abort: async (point) => {
      const chat = open(point, { model: point.models.answer });
      const asking = ask(chat, HELLO);
      await waitUntil("the first words", () => joined(chat, "text") !== "");
      await chat.stop();
      await asking;
    },
    "wrong key": refusal(chatOnce, statusOf),
    limit: refusal(chatOnce, statusOf),
    cut: stream,
  },
};
