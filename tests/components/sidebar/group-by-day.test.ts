import { afterEach, describe, expect, it, vi } from "vitest";
import { dayNumber, groupByDay, untilMidnight } from "../../../components/sidebar/group-by-day.ts";
import { summary } from "./chats.ts";

afterEach(() => vi.unstubAllEnvs());

const HOUR_MS = 3_600_000;

/** Under which heading a chat of one moment is at another, both as written on a clock of the time zone. */
function headingOf(zone: string, then: string, now: string): string {
  vi.stubEnv("TZ", zone);
  const chats = [summary("a", { updatedAt: new Date(then).getTime() })];
  return groupByDay(chats, new Date(now).getTime())[0]?.id ?? "none";
}

describe("the heading of a chat", () => {
  it.each([
    ["of this minute", "2026-06-15T12:00:00", "2026-06-15T12:00:00", "today"],
    ["of the first second of today", "2026-06-15T00:00:00", "2026-06-15T23:59:59", "today"],
    ["of a minute ago, past midnight", "2026-06-14T23:59:30", "2026-06-15T00:00:30", "yesterday"],
    ["of the day before yesterday", "2026-06-13T23:59:59", "2026-06-15T00:00:00", "week"],
    ["of seven days ago", "2026-06-08T00:00:00", "2026-06-15T12:00:00", "week"],
    ["of eight days ago", "2026-06-07T23:59:59", "2026-06-15T12:00:00", "month"],
    ["of thirty days ago", "2026-05-16T00:00:00", "2026-06-15T12:00:00", "month"],
    ["of thirty-one days ago", "2026-05-15T23:59:59", "2026-06-15T12:00:00", "2026-5"],
    ["of a year ago", "2025-06-15T12:00:00", "2026-06-15T12:00:00", "2025-6"],
    [
      "of tomorrow, the clock having been set back",
      "2026-06-16T09:00",
      "2026-06-15T09:00",
      "today",
    ],
  ])("%s", (_, then, now, heading) => {
    expect(headingOf("Europe/Berlin", then, now)).toBe(heading);
  });

  it.each([
    // Spring forward on 2026-03-29: the day has 23 hours.
    ["Europe/Berlin", "2026-03-28T23:30:00", "2026-03-29T22:45:00", "yesterday"],
    ["Europe/Berlin", "2026-03-29T00:10:00", "2026-03-30T00:05:00", "yesterday"],
    ["Europe/Berlin", "2026-03-22T00:00:00", "2026-03-29T23:59:00", "week"],
    // Back on 2026-10-25: the day has 25 hours.
    ["Europe/Berlin", "2026-10-25T00:10:00", "2026-10-25T23:50:00", "today"],
    ["Europe/Berlin", "2026-10-24T23:50:00", "2026-10-25T23:50:00", "yesterday"],
    // A zone where midnight itself is left out.
    ["America/Asuncion", "2024-10-05T23:30:00", "2024-10-06T01:30:00", "yesterday"],
  ])("is right over a change of the clock in %s, %s seen at %s", (zone, then, now, heading) => {
    expect(headingOf(zone, then, now)).toBe(heading);
  });

  it("depends on where one is", () => {
    const [then, now] = ["2026-06-14T16:30:00Z", "2026-06-15T01:00:00Z"];
    expect(headingOf("Asia/Seoul", then, now)).toBe("today");
    expect(headingOf("Europe/London", then, now)).toBe("yesterday");
    expect(headingOf("America/Los_Angeles", then, now)).toBe("today");
  });
});

describe("groupByDay", () => {
  it("puts pinned chats first and the newest first in each group, whatever order they came in", () => {
    vi.stubEnv("TZ", "Asia/Seoul");
    const now = new Date("2026-06-15T12:00:00").getTime();
    const groups = groupByDay(
      [
        summary("old", { updatedAt: new Date("2024-02-03T10:00:00").getTime() }),
        summary("early", { updatedAt: now - 2 * HOUR_MS }),
        summary("kept", { updatedAt: new Date("2023-01-01T10:00:00").getTime(), pinned: true }),
        summary("late", { updatedAt: now - HOUR_MS }),
        summary("older", { updatedAt: new Date("2024-02-01T10:00:00").getTime() }),
      ],
      now,
    );
    expect(groups.map(({ id, chats }) => [id, ...chats.map((chat) => chat.id)])).toEqual([
      ["pinned", "kept"],
      ["today", "late", "early"],
      ["2024-2", "old", "older"],
    ]);
    expect(groups.at(-1)?.key).toEqual({ year: 2024, month: 1 });
  });
});

describe("untilMidnight", () => {
  it.each([
    ["Asia/Seoul", "2026-06-15T23:59:59", 1000],
    ["Europe/Berlin", "2026-03-29T00:00:00", 23 * HOUR_MS],
    ["Europe/Berlin", "2026-10-25T00:00:00", 25 * HOUR_MS],
  ])("in %s at %s is %i ms", (zone, at, left) => {
    vi.stubEnv("TZ", zone);
    const moment = new Date(at).getTime();
    expect(untilMidnight(moment)).toBe(left);
    expect(dayNumber(moment + left) - dayNumber(moment + left - 1)).toBe(1);
  });
});
