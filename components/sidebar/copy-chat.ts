import type { Message, StoredChat } from "../../lib/store/records.ts";
import { branchOf } from "../../lib/store/tree.ts";
import { strings } from "../strings/strings.ts";

/**
 * A whole chat as Markdown: its title, and of the branch in view who spoke, the texts as they are, and the names of
 * what was attached. Thinking is left out.
 */
export function chatAsMarkdown(
  chat: Pick<StoredChat, "title" | "leafId">,
  messages: readonly Message[],
): string {
  const title = oneLine(chat.title) || strings.sidebar.untitled;
  const spoken = branchOf(messages, chat.leafId).map(messageAsMarkdown);
  return `${[`# ${title}`, ...spoken].join("\n\n")}\n`;
}

function messageAsMarkdown(message: Message): string {
  const model = message.metadata?.model;
  const speaker =
    message.role === "user"
      ? strings.you
      : `${strings.answer}${model === undefined ? "" : ` (${model})`}`;
  const text = message.parts
    .flatMap((part) => (part.type === "text" ? [part.text] : []))
    .join("\n\n")
    // An indented first line is code: only whole empty lines go.
    .replace(/^(?:[ \t]*\n)+/u, "")
    .trimEnd();
  const attached = message.attachments ?? [];
  const names =
    attached.length === 0
      ? ""
      : strings.sidebar.attached(attached.map(({ name }) => oneLine(name)).join(", "));
  return [`## ${speaker}`, text, names].filter((block) => block !== "").join("\n\n");
}

const oneLine = (text: string) => text.replaceAll(/\s+/gu, " ").trim();
