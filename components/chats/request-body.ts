/** What the app is sent for an answer: the messages of a branch and what they are asked with. */
import type { UIMessage } from "ai";
import type { Attachment, ChatSettings, Message } from "../../lib/store/records.ts";
import { textOf } from "./chat-state.ts";

type UiPart = UIMessage["parts"][number];

/** No thinking, no notices, and no answer in which nothing was said. */
export function toUiMessages(
  messages: readonly Message[],
  { system = "" }: ChatSettings,
): UIMessage[] {
  const said = messages.flatMap((message): UIMessage[] => {
    const parts = partsOf(message);
    return parts.length === 0 ? [] : [{ id: message.id, role: message.role, parts }];
  });
  if (system.trim() === "") return said;
  return [{ id: "system", role: "system", parts: [{ type: "text", text: system }] }, ...said];
}

function partsOf(message: Message): UiPart[] {
  const text = textOf(message);
  return [
    ...(message.attachments ?? []).map((attachment) => toPart(attachment)),
    ...(text === "" ? [] : [{ type: "text" as const, text }]),
  ];
}

/** The text of a file is sent as text: in a `data:` URL it would be a third larger. */
function toPart({ kind, name, mediaType, data }: Attachment): UiPart {
  return kind === "image"
    ? { type: "file", mediaType, filename: name, url: data }
    : { type: "text", text: `${name}:\n\n${data}` };
}

/** The fields of POST /api/chat beside the messages. */
export function requestBody(
  messages: readonly Message[],
  model: string | undefined,
  { think, options = {}, context }: ChatSettings,
): Record<string, unknown> {
  const last = messages.at(-1);
  const goesOn = last?.role === "assistant" && textOf(last) !== "";
  // A model that thinks by default would begin to think once more, in the midst of its words.
  const thinks = goesOn && typeof think !== "string" ? false : think;
  return {
    stream: true,
    ...(model === undefined ? {} : { model }),
    ...(thinks === undefined ? {} : { think: thinks }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(context === undefined ? {} : { context }),
  };
}
