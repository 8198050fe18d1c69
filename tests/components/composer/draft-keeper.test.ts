import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DraftKeeper } from "../../../components/composer/draft-keeper.ts";

/** Notes what is saved, and answers when it is told to. */
class SlowDrafts {
  readonly saved: [key: string, text: string][] = [];
  readonly #reads = new Map<string, PromiseWithResolvers<string>>();

  read(key: string): Promise<string> {
    const read = Promise.withResolvers<string>();
    this.#reads.set(key, read);
    return read.promise;
  }

  async save(key: string, text: string): Promise<void> {
    this.saved.push([key, text]);
  }

  answer(key: string, text: string): void {
    this.#reads.get(key)?.resolve(text);
  }
}

describe("a draft", () => {
  let drafts: SlowDrafts;
  let keeper: DraftKeeper;
  let shown: string[];
  const show = (text: string) => shown.push(text);

  beforeEach(() => {
    vi.useFakeTimers();
    drafts = new SlowDrafts();
    keeper = new DraftKeeper(drafts);
    shown = [];
  });
  afterEach(() => vi.useRealTimers());

  it("is shown when it comes", async () => {
    const opened = keeper.open("a", show);
    drafts.answer("a", "half a thought");
    await opened;
    expect(shown).toEqual(["half a thought"]);
  });

  it("never takes the place of what was typed before it came", async () => {
    const opened = keeper.open("a", show);
    keeper.write("n");
    drafts.answer("a", "old");
    await opened;
    expect(shown).toEqual([]);
  });

  it("does not come back after its message was sent, however late the store answers", async () => {
    const opened = keeper.open("a", show);
    keeper.clear();
    drafts.answer("a", "sent already");
    await opened;
    expect(shown).toEqual([]);
    expect(drafts.saved).toEqual([["a", ""]]);
  });

  it("of a chat that was left meanwhile is not shown in the next one", async () => {
    const first = keeper.open("a", show);
    const second = keeper.open("b", show);
    drafts.answer("a", "of a");
    drafts.answer("b", "of b");
    await Promise.all([first, second]);
    expect(shown).toEqual(["of b"]);
  });

  it("is saved a quarter of a second after the first of a batch of changes, and only its newest", () => {
    void keeper.open("a", show);
    keeper.write("o");
    vi.advanceTimersByTime(200);
    keeper.write("on");
    vi.advanceTimersByTime(49);
    expect(drafts.saved).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(drafts.saved).toEqual([["a", "on"]]);
    vi.advanceTimersByTime(1000);
    expect(drafts.saved).toHaveLength(1);
  });

  it("is saved at once when the page goes, and when another chat is opened, under its own key", () => {
    void keeper.open("a", show);
    keeper.write("of a");
    void keeper.open("b", show);
    expect(drafts.saved).toEqual([["a", "of a"]]);
    keeper.write("of b");
    keeper.flush();
    expect(drafts.saved.at(-1)).toEqual(["b", "of b"]);
    vi.advanceTimersByTime(1000);
    expect(drafts.saved).toHaveLength(2);
  });

  it("that the store cannot read or save leaves the box alive", async () => {
    const broken = new DraftKeeper({
      read: () => Promise.reject(new Error("no")),
      save: () => Promise.reject(new Error("no")),
    });
    await broken.open("a", show);
    broken.write("x");
    broken.flush();
    await vi.runAllTimersAsync();
    expect(shown).toEqual([]);
  });
});
