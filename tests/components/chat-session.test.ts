import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatSession } from "../../components/chat-session.ts";
import { textOf } from "../../components/chat-state.ts";
import { streamReply } from "../../components/engine.ts";
import { encodeAnswer, encodeFailure, respondWith, TEXT } from "./answer-stream.ts";

/** A frame is whatever comes after the reads that are due now. */
beforeEach(() => {
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => setImmediate(frame));
});
afterEach(() => vi.unstubAllGlobals());

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function sessionOf(answer: (init: RequestInit | undefined) => Response): ChatSession {
  return new ChatSession(async () => ({
    streamReply: (request) =>
      streamReply({ ...request, fetch: async (_input, init) => answer(init) }),
  }));
}

function lastOf(session: ChatSession): { readonly state: string; readonly text: string } {
  const entry = session.read().entries.at(-1);
  return entry === undefined
    ? { state: "", text: "" }
    : { state: entry.state, text: textOf(entry) };
}

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

async function untilText(session: ChatSession): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = session.subscribe(() => {
    if (lastOf(session).text !== "") resolve();
  });
  await promise;
  unsubscribe();
}

describe("a session", () => {
  it("ends with the whole answer, published fewer times than it had pieces", async () => {
    const session = sessionOf(() => respondWith(bytesOf(encodeAnswer().whole)));
    const texts = new Set<string>();
    session.subscribe(() => texts.add(lastOf(session).text));
    await session.send("What is a door?", "small");
    expect(lastOf(session)).toEqual({ state: "done", text: TEXT });
    expect(texts.size).toBeLessThan(TEXT.length / 7);
  });

  it("stops at once, with the text that came, and tells the app by closing", async () => {
    let signal: AbortSignal | null | undefined;
    const session = sessionOf((init) => {
      signal = init?.signal;
      return endless(init);
    });
    const sent = session.send("Go on for ever", undefined);
    await untilText(session);
    session.stop();
    expect(signal?.aborted).toBe(true);
    expect(lastOf(session).state).toBe("stopped");
    await sent;
    expect(lastOf(session).state).toBe("stopped");
    expect(TEXT.startsWith(lastOf(session).text)).toBe(true);
  });

  it("takes no second question while an answer comes", async () => {
    const session = sessionOf(endless);
    const sent = session.send("One", undefined);
    await session.send("Two", undefined);
    expect(session.read().entries).toHaveLength(2);
    session.stop();
    await sent;
  });

  it("asks again after a failure, and shows the new answer alone", async () => {
    const answers = [encodeFailure("idle_timeout"), encodeAnswer().whole];
    const session = sessionOf(() => respondWith(bytesOf(answers.shift() ?? "")));
    await session.send("What is a door?", undefined);
    expect(lastOf(session)).toEqual({ state: "failed", text: "Half an an" });
    await session.regenerate(undefined);
    expect(lastOf(session)).toEqual({ state: "done", text: TEXT });
    expect(session.read().entries).toHaveLength(2);
    expect(session.read().entries.at(-1)?.problem).toBeUndefined();
  });

  it("starts anew without the answer that was in progress", async () => {
    const session = sessionOf(endless);
    const sent = session.send("One", undefined);
    await untilText(session);
    session.clear();
    await sent;
    expect(session.read().entries).toEqual([]);
  });

  it("says that the app is gone when not even its script comes", async () => {
    vi.stubGlobal("navigator", { onLine: true });
    const session = new ChatSession(() => Promise.reject(new Error("chunk")));
    await session.send("Hello", undefined);
    expect(session.read().entries.at(-1)?.problem).toMatchObject({ link: "app" });
  });
});
