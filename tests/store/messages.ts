import type { Message, StoredChat } from "../../lib/store/records.ts";

/** A chat that was last changed at the time. */
export function chatOf(id: string, more: Partial<StoredChat> = {}): StoredChat {
  return {
    id,
    title: `About ${id}`,
    createdAt: 1,
    updatedAt: 1,
    pinned: false,
    renamed: false,
    settings: {},
    ...more,
  };
}

/** A message that says the text. */
export function messageOf(id: string, text: string, more: Partial<Message> = {}): Message {
  return {
    id,
    role: "user",
    parts: [{ id: `${id}-0`, type: "text", text }],
    state: "done",
    createdAt: 1,
    ...more,
  };
}
