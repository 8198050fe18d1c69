import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  ChatSession,
  type Keeper,
  type SessionParts,
} from "../../../components/chats/chat-session.ts";
import { emptyChat, isBusy, textOf } from "../../../components/chats/chat-state.ts";
import { streamReply } from "../../../components/chats/engine.ts";
import type { Message } from "../../../lib/store/records.ts";
import { encodeAnswer, encodeFailure, respondWith, TEXT } from "./answer-stream.ts";

/** A frame is whatever comes after the reads that are due now. */
beforeEach(() => {
  vi.stubGlobal("cancelAnimationFrame", clearImmediate);
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => setImmediate(frame));
});
afterEach(() => vi.unstubAllGlobals());

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function sessionOf(
  answer: (init: RequestInit | undefined) => Response,
  parts: Partial<SessionParts> = {},
): ChatSession {
  return new ChatSession(emptyChat("chat", 1), {
    loadEngine: async () => ({
      streamReply: (request) =>
        streamReply({ ...request, fetch: async (_input, init) => answer(init) }),
    }),
    ...parts,
  });
}

function newest(session: ChatSession): Message {
  const message = session.read().branch.at(-1);
  if (message === undefined) throw new Error("Nothing was said");
  return message;
}

function lastOf(session: ChatSession): { readonly state: string; readonly text: string } {
  const message = session.read().branch.at(-1);
  return message === undefined
    ? { state: "", text: "" }
    : { state: message.state, text: textOf(message) };
}

async function until(session: ChatSession, holds: () => boolean): Promise<void> {
  if (holds()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = session.subscribe(() => {
    if (holds()) resolve();
  });
  await promise;
  unsubscribe();
}

const untilOver = (session: ChatSession) => until(session, () => !isBusy(session.read()));
const untilText = (session: ChatSession) => until(session, () => lastOf(session).text !== "");

/** An answer that goes on until it is aborted. */
function endless(init: RequestInit | undefined): Response {
  init?.signal?.throwIfAborted();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytesOf(encodeAnswer().endless));
      init?.signal?.addEventListener("abort", () => {
        controller.error(new DOMException("", "AbortError"));
      });
    },
  });
  return new Response(body);
}

const ASKED = { model: undefined, settings: {} };

const whole = () => respondWith(bytesOf(encodeAnswer().whole));

/** Notes what it is handed, as a store would have it. */
function notingKeeper(): {
  readonly keeper: Keeper;
  readonly kept: Map<string, Message>;
  readonly held: Set<string>;
  readonly atOnce: string[];
} {
  const kept = new Map<string, Message>();
  const held = new Set<string>();
  const atOnce: string[] = [];
  const keeper: Keeper = {
    keep: (_chat, messages, growing) => {
      for (const message of messages) {
        kept.set(message.id, message);
        if (!growing) atOnce.push(message.state);
      }
    },
    hold: (id) => {
      held.add(id);
      return () => held.delete(id);
    },
  };
  return { keeper, kept, held, atOnce };
}

describe("a session", () => {
  it("ends with the whole answer, published fewer times than it had pieces", async () => {
    const session = sessionOf(whole);
    const texts = new Set<string>();
    session.subscribe(() => texts.add(lastOf(session).text));
    session.ask("What is a door?", [], { ...ASKED, model: "small" });
    await untilOver(session);
    expect(lastOf(session)).toEqual({ state: "done", text: TEXT });
    expect(texts.size).toBeLessThan(TEXT.length / 7);
  });

  it("stops at once, with the text that came, and tells the app by closing", async () => {
    let signal: AbortSignal | null | undefined;
    const session = sessionOf((init) => {
      signal = init?.signal;
      return endless(init);
    });
    session.ask("Go on for ever", [], ASKED);
    await untilText(session);
    session.stop();
    expect(signal?.aborted).toBe(true);
    expect(lastOf(session).state).toBe("stopped");
    expect(TEXT.startsWith(lastOf(session).text)).toBe(true);
    expect(newest(session).release).toEqual({ state: "asked" });
  });

  it("tells what became of the request that was stopped, by its id", async () => {
    let asked: string | null | undefined;
    const answer = (init: RequestInit | undefined): Response => {
      asked = new Headers(init?.headers).get("x-request-id");
      return endless(init);
    };
    const session = sessionOf(answer, {
      watchRelease: async (requestId, onRelease) =>
        onRelease(requestId === asked ? { state: "released", ms: 7 } : { state: "unknown" }),
    });
    session.ask("Go on for ever", [], ASKED);
    await untilText(session);
    session.stop();
    expect(newest(session).release).toEqual({ state: "released", ms: 7 });
  });

  it("takes no second question while an answer comes", async () => {
    const session = sessionOf(endless);
    expect(session.ask("One", [], ASKED)).toBe(true);
    expect(session.ask("Two", [], ASKED)).toBe(false);
    expect(session.regenerate(newest(session), ASKED)).toBe(false);
    expect(session.read().messages).toHaveLength(2);
    session.stop();
  });

  it("asks again after a failure, and keeps the answer that failed as another version", async () => {
    const answers = [encodeFailure("idle_timeout"), encodeAnswer().whole];
    const session = sessionOf(() => respondWith(bytesOf(answers.shift() ?? "")));
    session.ask("What is a door?", [], ASKED);
    await untilOver(session);
    expect(lastOf(session)).toEqual({ state: "failed", text: "Half an an" });
    const failed = newest(session);
    session.regenerate(failed, ASKED);
    await untilOver(session);
    expect(lastOf(session)).toEqual({ state: "done", text: TEXT });
    expect(newest(session).problem).toBeUndefined();
    session.show(failed.id);
    expect(lastOf(session)).toEqual({ state: "failed", text: "Half an an" });
  });

  it("asks a question anew in its own place, with the files that went with it", async () => {
    const bodies: string[] = [];
    const session = sessionOf((init) => {
      bodies.push(typeof init?.body === "string" ? init.body : "");
      return whole();
    });
    const file = { id: "t", kind: "text", name: "a.txt", mediaType: "text/plain", data: "wood" };
    session.ask("What is a door?", [{ ...file, kind: "text" }], ASKED);
    await untilOver(session);
    const [question] = session.read().branch;
    if (question === undefined) throw new Error("No question");
    session.edit(question, "What is a gate?", ASKED);
    await untilOver(session);
    expect(session.read().branch).toHaveLength(2);
    expect(session.read().messages).toHaveLength(4);
    expect(bodies[1]).toContain("What is a gate?");
    expect(bodies[1]).toContain("wood");
    expect(bodies[1]).not.toContain("What is a door?");
  });

  it("goes on with an answer that was stopped, after its words", async () => {
    const bodies: string[] = [];
    const answers = [endless, whole];
    const session = sessionOf((init) => {
      bodies.push(typeof init?.body === "string" ? init.body : "");
      return (answers.shift() ?? whole)(init);
    });
    session.ask("What is a door?", [], ASKED);
    await untilText(session);
    session.stop();
    const before = lastOf(session).text;
    session.continue(newest(session), ASKED);
    await untilOver(session);
    // It thought once more in between.
    expect(lastOf(session)).toEqual({ state: "done", text: `${before}\n\n${TEXT}` });
    expect(session.read().messages).toHaveLength(2);
    const sent: { messages: { role: string }[] } = JSON.parse(bodies[1] ?? "");
    expect(sent.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
  });

  it("hands every change to its keeper, the end at once", async () => {
    const { keeper, kept, held, atOnce } = notingKeeper();
    const session = sessionOf(whole, { keeper });
    session.ask("What is a door?", [], ASKED);
    expect(held.size).toBe(1);
    await untilOver(session);
    expect([...kept.values()]).toEqual(session.read().messages);
    expect(atOnce.at(-1)).toBe("done");
    expect(held.size).toBe(0);
  });

  it("leaves an answer that was coming when the page went away to be gone on with", async () => {
    const { keeper, kept } = notingKeeper();
    const session = sessionOf(endless, { keeper });
    session.ask("What is a door?", [], ASKED);
    await untilText(session);
    session.leave();
    expect(kept.get(newest(session).id)?.state).toBe("interrupted");
  });

  it("that was deleted stops its answer and is kept no more", async () => {
    const { keeper, kept } = notingKeeper();
    const session = sessionOf(endless, { keeper });
    session.ask("What is a door?", [], ASKED);
    await untilText(session);
    kept.clear();
    session.lose();
    expect(lastOf(session).state).toBe("stopped");
    expect(kept.size).toBe(0);
  });

  it("keeps nothing of a chat in which nothing was said", () => {
    const { keeper, kept } = notingKeeper();
    const session = sessionOf(whole, { keeper });
    session.set({ system: "Be kind." });
    expect(session.read().chat.settings).toEqual({ system: "Be kind." });
    expect(kept.size).toBe(0);
  });

  it("says that the app is gone when not even its script comes", async () => {
    vi.stubGlobal("navigator", { onLine: true });
    const session = sessionOf(whole, { loadEngine: () => Promise.reject(new Error("chunk")) });
    session.ask("Hello", [], ASKED);
    await untilOver(session);
    expect(newest(session).problem).toMatchObject({ link: "app" });
  });
});
