import type { ChatSummary } from "../../lib/store/records.ts";

/** A heading of the list: one of a fixed name, or a month of a year. */
export type DayGroupKey =
  | "pinned"
  | "today"
  | "yesterday"
  | "week"
  | "month"
  | { readonly year: number; /** 0 is January. */ readonly month: number };

export interface DayGroup<Chat extends ChatSummary = ChatSummary> {
  /** Unlike those of the other groups; stays the same from one day to the next. */
  readonly id: string;
  readonly key: DayGroupKey;
  readonly chats: readonly Chat[];
}

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
const MONTH_DAYS = 30;

/**
 * The number of the calendar day that a moment (milliseconds since 1970) belongs to, in the browser's time zone.
 * Days are counted by the calendar, since one of them has 23 hours and another 25.
 */
export function dayNumber(moment: number): number {
  const date = new Date(moment);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS;
}

/** Chats under the headings of the list, the newest first. `now` is in milliseconds since 1970. */
export function groupByDay<Chat extends ChatSummary>(
  chats: readonly Chat[],
  now: number,
): readonly DayGroup<Chat>[] {
  const today = dayNumber(now);
  const groups = new Map<string, { id: string; key: DayGroupKey; chats: Chat[] }>();
  const pinnedFirst = chats.toSorted(
    (one, other) =>
      Number(other.pinned) - Number(one.pinned) ||
      other.updatedAt - one.updatedAt ||
      (one.id < other.id ? -1 : 1),
  );
  for (const chat of pinnedFirst) {
    const key = keyOf(chat, today);
    const id = typeof key === "string" ? key : `${key.year}-${key.month + 1}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, { id, key, chats: [chat] });
    else group.chats.push(chat);
  }
  return [...groups.values()];
}

function keyOf(chat: ChatSummary, today: number): DayGroupKey {
  if (chat.pinned) return "pinned";
  const daysAgo = today - dayNumber(chat.updatedAt);
  // Below zero: the clock was set back since.
  if (daysAgo <= 0) return "today";
  if (daysAgo === 1) return "yesterday";
  if (daysAgo <= WEEK_DAYS) return "week";
  if (daysAgo <= MONTH_DAYS) return "month";
  const date = new Date(chat.updatedAt);
  return { year: date.getFullYear(), month: date.getMonth() };
}

/** Milliseconds from a moment to the end of its day, in the browser's time zone. */
export function untilMidnight(moment: number): number {
  const date = new Date(moment);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime() - moment;
}
