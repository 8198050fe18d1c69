import { startTransition, useEffect, useState, type ReactNode } from "react";
import type { FoundChat } from "../../lib/store/store.ts";
import { strings } from "../strings/strings.ts";
import { ChatRow, type RowActions, type RowState } from "./chat-row.tsx";
import type { DayGroup, DayGroupKey } from "./group-by-day.ts";

/** Enough for the tallest window; the others follow when there is time. */
const FIRST_ROWS = 40;
/** They are taller. */
const FIRST_FINDS = 24;
const MORE_ROWS = 160;
/** In rem, as in the style sheet. */
const ROW_HEIGHT = 2.5;

interface RowsProps {
  readonly actions: RowActions;
  readonly stateOf: (chat: FoundChat) => RowState;
}

interface DayListProps extends RowsProps {
  readonly groups: readonly DayGroup[];
}

/** All chats, under the headings of their days. */
export function DayList({ groups, actions, stateOf }: DayListProps): ReactNode {
  const count = groups.reduce((sum, group) => sum + group.chats.length, 0);
  return firstOf(groups, useGrowing(count, FIRST_ROWS)).map((group) => {
    const headingId = `chats-${group.id}`;
    return (
      <section
        key={group.id}
        aria-labelledby={headingId}
        // Its height while it is out of view, and not laid out.
        style={{ containIntrinsicBlockSize: `auto ${(group.chats.length + 1) * ROW_HEIGHT}rem` }}
      >
        <h3 id={headingId}>{headingOf(group.key)}</h3>
        <ul>
          {group.chats.map((chat) => (
            <ChatRow key={chat.id} chat={chat} actions={actions} {...stateOf(chat)} />
          ))}
        </ul>
      </section>
    );
  });
}

interface FoundListProps extends RowsProps {
  readonly chats: readonly FoundChat[];
  readonly words: string;
}

/** The chats that were found. */
export function FoundList({ chats, words, actions, stateOf }: FoundListProps): ReactNode {
  return (
    <ul>
      {chats.slice(0, useGrowing(chats.length, FIRST_FINDS)).map((chat) => (
        <ChatRow key={chat.id} chat={chat} words={words} actions={actions} {...stateOf(chat)} />
      ))}
    </ul>
  );
}

function headingOf(key: DayGroupKey): string {
  if (typeof key === "string") return strings.sidebar.groups[key];
  const format = new Intl.DateTimeFormat(strings.language, { year: "numeric", month: "long" });
  return format.format(new Date(key.year, key.month));
}

/** The groups with so many of their chats. */
function firstOf(groups: readonly DayGroup[], count: number): readonly DayGroup[] {
  const first: DayGroup[] = [];
  let left = count;
  for (const group of groups) {
    if (left <= 0) break;
    first.push({ ...group, chats: group.chats.slice(0, left) });
    left -= group.chats.length;
  }
  return first;
}

/** How many rows are shown: a first screen at once, then all, a slice at a time. */
function useGrowing(count: number, first: number): number {
  const [shown, setShown] = useState(first);
  useEffect(() => {
    if (shown < count) startTransition(() => setShown(shown + MORE_ROWS));
  }, [shown, count]);
  return shown;
}
