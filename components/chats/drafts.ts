import type { ChatStore } from "../../lib/store/store.ts";
import type { ChatSession } from "./chat-session.ts";
import type { Drafts } from "../composer/draft-keeper.ts";
import { forgetUnsaved, noteUnsaved, readUnsaved } from "./unsaved-draft.ts";

/** Whose draft is written before a chat has begun: one for all of them. */
const NEW_CHAT = "new";

const NOWHERE: Drafts = {
  read: () => Promise.resolve(""),
  save: () => Promise.resolve(),
};

/** A chat's drafts, once the store is open. Those of a temporary chat are kept nowhere. */
export function draftsOf(opening: Promise<ChatStore>, session: ChatSession): Drafts {
  if (session.read().temporary) return NOWHERE;
  const isNew = (): boolean => {
    const { messages, expected } = session.read();
    return messages.length === 0 && !expected;
  };
  let wasNew = isNew();
  const keep = async (key: string, text: string): Promise<void> => {
    noteUnsaved(key, text);
    const store = await opening;
    await store.saveDraft(key, text);
    forgetUnsaved(key, text);
  };
  return {
    read: async (id) => {
      const key = isNew() ? NEW_CHAT : id;
      const unsaved = readUnsaved(key);
      if (unsaved !== undefined) return unsaved;
      const store = await opening;
      return store.readDraft(key);
    },
    save: async (id, text) => {
      const begins = wasNew && !isNew();
      wasNew = isNew();
      // What was written before the chat began has become its first question.
      if (begins) await keep(NEW_CHAT, "");
      await keep(wasNew ? NEW_CHAT : id, text);
    },
  };
}
