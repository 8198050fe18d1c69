import type { FoundChat } from "../../lib/store/store.ts";

/**
 * The next list with the objects of the previous one wherever a chat is the same, so that only rows that changed are
 * rendered again; the previous list itself where nothing changed.
 */
export function keepSame<Chat extends FoundChat>(
  previous: readonly Chat[],
  next: readonly Chat[],
): readonly Chat[] {
  const known = new Map(previous.map((chat) => [chat.id, chat]));
  const kept = next.map((chat) => {
    const before = known.get(chat.id);
    return before !== undefined && isSame(before, chat) ? before : chat;
  });
  const unchanged =
    kept.length === previous.length && kept.every((chat, index) => chat === previous[index]);
  return unchanged ? previous : kept;
}

function isSame(one: FoundChat, other: FoundChat): boolean {
  return (
    one.title === other.title &&
    one.pinned === other.pinned &&
    one.updatedAt === other.updatedAt &&
    one.excerpt === other.excerpt
  );
}
