import { describe, expect, it } from "vitest";
import {
  emptyChat,
  isBusy,
  reduceChat,
  textOf,
  type ChatEvent,
  type ChatState,
} from "../../components/chat-state.ts";
import { interrupted } from "../../components/problem.ts";

const asked: ChatEvent = { type: "question-asked", id: "q1", text: "What is a door?" };
const awaited: ChatEvent = { type: "answer-awaited", id: "a1" };
const grown = (id: string, text: string): ChatEvent => ({
  type: "answer-grown",
  id,
  parts: [{ id: "0", type: "text", text }],
  metadata: { model: "small" },
});
const ended = (id: string, state: "done" | "stopped" = "done"): ChatEvent => ({
  type: "answer-ended",
  id,
  state,
  at: 3000,
});

function play(...events: ChatEvent[]): ChatState {
  return events.reduce(reduceChat, emptyChat("chat"));
}

describe("the conversation", () => {
  it("shows the question and a waiting answer at once", () => {
    const chat = play(asked, awaited);
    expect(chat.entries.map(({ role, state }) => [role, state])).toEqual([
      ["user", "done"],
      ["assistant", "waiting"],
    ]);
    expect(isBusy(chat)).toBe(true);
  });

  it("streams with the first word and is done at the end", () => {
    const streaming = play(asked, awaited, grown("a1", "A do"));
    expect(streaming.entries.at(-1)?.state).toBe("streaming");
    const done = [grown("a1", "A door."), ended("a1")].reduce(reduceChat, streaming);
    expect(done.entries.at(-1)).toMatchObject({ state: "done", metadata: { model: "small" } });
    expect(isBusy(done)).toBe(false);
  });

  it("keeps the text of an answer that was stopped, and takes no more of it", () => {
    const chat = play(
      asked,
      awaited,
      grown("a1", "A do"),
      ended("a1", "stopped"),
      grown("a1", "A door"),
    );
    const answer = chat.entries.at(-1);
    expect(answer?.state).toBe("stopped");
    expect(answer === undefined ? "" : textOf(answer)).toBe("A do");
  });

  it("keeps what came before a failure, and says what broke", () => {
    const problem = interrupted();
    const end: ChatEvent = { type: "answer-ended", id: "a1", state: "interrupted", problem, at: 1 };
    const chat = play(asked, awaited, grown("a1", "A do"), end);
    expect(chat.entries.at(-1)).toMatchObject({ state: "interrupted", problem });
  });

  it("puts a new answer in the place of the old one", () => {
    const again: ChatEvent = { type: "answer-awaited", id: "a2" };
    const chat = play(asked, awaited, grown("a1", "No."), ended("a1"), again);
    expect(chat.entries.map(({ id }) => id)).toEqual(["q1", "a2"]);
  });

  it("ignores an answer of a chat that was cleared", () => {
    const cleared: ChatEvent = { type: "chat-cleared", id: "new" };
    const chat = play(asked, awaited, cleared, grown("a1", "Late"), ended("a1"));
    expect(chat).toEqual(emptyChat("new"));
  });

  it("measures the thinking, from the phase that begins it to the one after", () => {
    const told = (phase: "thinking" | "writing", at: number): ChatEvent => ({
      type: "status-told",
      id: "a1",
      status: { phase, at },
    });
    const chat = play(asked, awaited, told("thinking", 500), told("writing", 2500));
    expect(chat.entries.at(-1)?.thinkingMs).toBe(2000);
    expect(chat.status?.phase).toBe("writing");
    const cut = play(asked, awaited, told("thinking", 500), ended("a1", "stopped"));
    expect(cut.entries.at(-1)?.thinkingMs).toBe(2500);
    expect(cut.status).toBeUndefined();
  });
});
