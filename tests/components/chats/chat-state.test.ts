import { describe, expect, it } from "vitest";
import {
  emptyChat,
  isBusy,
  reduceChat,
  textOf,
  type ChatEvent,
  type ChatState,
} from "../../../components/chats/chat-state.ts";
import { interrupted } from "../../../components/chats/problem.ts";

const asked = (id: string, parentId?: string, text = "What is a door?"): ChatEvent => ({
  type: "question-asked",
  id,
  parentId,
  text,
  attachments: [],
  now: 10,
});
const awaited = (id: string, parentId: string): ChatEvent => ({
  type: "answer-awaited",
  id,
  parentId,
  now: 11,
});
const grown = (id: string, text: string): ChatEvent => ({
  type: "answer-grown",
  id,
  parts: [{ id: "0", type: "text", text }],
  metadata: { model: "small" },
});
const ended = (
  id: string,
  state: "done" | "stopped" | "interrupted" | "failed" = "done",
): ChatEvent => ({ type: "answer-ended", id, state, at: 3000, now: 12 });

function play(...events: ChatEvent[]): ChatState {
  return events.reduce(reduceChat, emptyChat("chat", 1));
}

const answered = [asked("q1"), awaited("a1", "q1"), grown("a1", "A door."), ended("a1")];
const ids = ({ branch }: ChatState): string[] => branch.map(({ id }) => id);

describe("a chat", () => {
  it("shows the question and a waiting answer at once, and is called after the question", () => {
    const chat = play(asked("q1"), awaited("a1", "q1"));
    expect(chat.branch.map(({ role, state }) => [role, state])).toEqual([
      ["user", "done"],
      ["assistant", "waiting"],
    ]);
    expect(isBusy(chat)).toBe(true);
    expect(chat.chat).toMatchObject({ title: "What is a door?", leafId: "a1", updatedAt: 11 });
  });

  it("streams with the first word and is done at the end", () => {
    const streaming = play(asked("q1"), awaited("a1", "q1"), grown("a1", "A do"));
    expect(streaming.branch.at(-1)?.state).toBe("streaming");
    const done = [grown("a1", "A door."), ended("a1")].reduce(reduceChat, streaming);
    expect(done.branch.at(-1)).toMatchObject({ state: "done", metadata: { model: "small" } });
    expect(done.messages.at(-1)).toBe(done.branch.at(-1));
    expect(isBusy(done)).toBe(false);
  });

  it("keeps the text of an answer that was stopped, and takes no more of it", () => {
    const chat = play(
      asked("q1"),
      awaited("a1", "q1"),
      grown("a1", "A do"),
      ended("a1", "stopped"),
      grown("a1", "A door"),
    );
    const answer = chat.branch.at(-1);
    expect(answer?.state).toBe("stopped");
    expect(answer === undefined ? "" : textOf(answer)).toBe("A do");
  });

  it("tells what broke, and how long the model thought", () => {
    const thinking: ChatEvent = {
      type: "status-told",
      id: "a1",
      status: { phase: "thinking", at: 1000 },
    };
    const failed: ChatEvent = {
      type: "answer-ended",
      id: "a1",
      state: "failed",
      problem: interrupted(true),
      at: 4000,
      now: 12,
    };
    const chat = play(asked("q1"), awaited("a1", "q1"), thinking, failed);
    expect(chat.branch.at(-1)).toMatchObject({
      state: "failed",
      thinkingMs: 3000,
      problem: { code: "interrupted" },
    });
    expect(chat.status).toBeUndefined();
  });

  it("leaves every message that did not change the object it was", () => {
    const before = play(...answered, asked("q2", "a1"), awaited("a2", "q2"));
    const after = reduceChat(before, grown("a2", "Yes"));
    expect(after.branch.slice(0, 3)).toEqual(before.branch.slice(0, 3));
    for (const [index, message] of before.branch.slice(0, 3).entries()) {
      expect(after.branch[index]).toBe(message);
    }
  });
});

describe("the branches of a chat", () => {
  it("keep both questions when one is asked anew, and show the newer", () => {
    const chat = play(
      ...answered,
      asked("q2", undefined, "What is a gate?"),
      awaited("a2", "q2"),
      ended("a2"),
    );
    expect(ids(chat)).toEqual(["q2", "a2"]);
    expect(chat.messages).toHaveLength(4);
    expect(chat.chat.title).toBe("What is a door?");
    const back = reduceChat(chat, { type: "branch-chosen", leafId: "a1" });
    expect(ids(back)).toEqual(["q1", "a1"]);
    expect(back.chat.leafId).toBe("a1");
  });

  it("keep both answers to a question", () => {
    const chat = play(...answered, awaited("a2", "q1"), grown("a2", "Wood."), ended("a2"));
    expect(ids(chat)).toEqual(["q1", "a2"]);
    expect(chat.messages.map(({ id }) => id)).toEqual(["q1", "a1", "a2"]);
  });

  it("let an answer go on that is not in view", () => {
    const chat = play(
      ...answered,
      awaited("a2", "q1"),
      { type: "branch-chosen", leafId: "a1" },
      grown("a2", "Wood."),
    );
    expect(ids(chat)).toEqual(["q1", "a1"]);
    expect(chat.messages.at(-1)).toMatchObject({ id: "a2", state: "streaming" });
  });
});

describe("an answer that goes on", () => {
  it("is in progress again, with its words and without what broke it", () => {
    const chat = play(
      asked("q1"),
      awaited("a1", "q1"),
      grown("a1", "A do"),
      {
        type: "answer-ended",
        id: "a1",
        state: "interrupted",
        problem: interrupted(true),
        at: 5,
        now: 12,
      },
      { type: "answer-continued", id: "a1", now: 20 },
    );
    const answer = chat.branch.at(-1);
    expect(answer).toMatchObject({ state: "waiting" });
    expect(answer?.problem).toBeUndefined();
    expect(answer === undefined ? "" : textOf(answer)).toBe("A do");
    const on = reduceChat(chat, grown("a1", "A door."));
    expect(on.branch.at(-1)?.state).toBe("streaming");
  });
});
