import { describe, expect, it } from "vitest";
import { Finder, FIND_LIMIT } from "../../../components/sidebar/finder.ts";
import type { FoundChat } from "../../../lib/store/store.ts";
import { summary } from "./chats.ts";

/** A store that answers when it is told to. */
function slowStore() {
  const asked: { words: string; limit: number; answer: (chats: FoundChat[]) => Promise<void> }[] =
    [];
  const search = (words: string, limit: number) =>
    new Promise<readonly FoundChat[]>((resolve) => {
      const answer = (chats: FoundChat[]) => {
        resolve(chats);
        return new Promise<void>((settled) => setImmediate(settled));
      };
      asked.push({ words, limit, answer });
    });
  return { asked, finder: new Finder(search) };
}

describe("the finder", () => {
  it("looks the first letter up at once and then only the newest words, one search at a time", async () => {
    const { asked, finder } = slowStore();
    for (const words of ["d", "do", "doo", " door "]) finder.look(words);
    expect(asked.map(({ words }) => words)).toEqual(["d"]);
    await asked[0]?.answer([summary("a")]);
    expect(finder.read()).toMatchObject({ words: " door ", found: { words: "d" } });
    expect(asked.map(({ words }) => words)).toEqual(["d", "door"]);
    expect(asked[1]?.limit).toBe(FIND_LIMIT + 1);
    await asked[1]?.answer([]);
    expect(finder.read().found).toEqual({ words: "door", chats: [] });
    expect(asked).toHaveLength(2);
  });

  it("shows nothing that comes after the words were cleared, and finds again later", async () => {
    const { asked, finder } = slowStore();
    finder.look("d");
    finder.look(" ");
    await asked[0]?.answer([summary("a")]);
    expect(finder.read().found).toBeUndefined();
    finder.look("e");
    await asked[1]?.answer([summary("b")]);
    expect(finder.read().found?.chats).toEqual([summary("b")]);
  });

  it("looks again when chats change, and tells nobody when the finds are the same", async () => {
    const { asked, finder } = slowStore();
    finder.lookAgain();
    expect(asked).toHaveLength(0);
    finder.look("d");
    await asked[0]?.answer([summary("a"), summary("b")]);
    const before = finder.read().found?.chats;
    let told = 0;
    finder.subscribe(() => (told += 1));
    finder.lookAgain();
    await asked[1]?.answer([summary("a"), summary("b")]);
    expect(told).toBe(0);
    finder.lookAgain();
    await asked[2]?.answer([summary("b", { title: "New" }), summary("a")]);
    expect(told).toBe(1);
    expect(finder.read().found?.chats[1]).toBe(before?.[0]);
    expect(finder.read().found?.chats[0]?.title).toBe("New");
  });
});
