import type { Chats } from "../chats/chats.ts";
import { copyText } from "../common/copy-text.ts";
import { chatAsMarkdown } from "../sidebar/copy-chat.ts";

/** Copies the branch in view of a chat, as Markdown. False: there is no such chat, or the browser refused. */
export async function copyChat(chats: Chats, id: string): Promise<boolean> {
  const session = await chats.find(id);
  if (session === undefined) return false;
  const { chat, messages } = session.read();
  return copyText(chatAsMarkdown(chat, messages));
}
