import { describe, expect, it } from "vitest";
import { streamReply, type ReplyEnd } from "../../../components/chats/engine.ts";
import type { ReplyMetadata, StatusData } from "../../../lib/chat.ts";
import type { Message, Part } from "../../../lib/store/records.ts";
import {
  encodeAnswer,
  encodeFailure,
  refuse,
  respondWith,
  TEXT,
  THOUGHT,
} from "./answer-stream.ts";

const question: Message = {
  id: "q1",
  role: "user",
  parts: [{ id: "q1", type: "text", text: "What is a door?" }],
  state: "done",
  createdAt: 1,
};

interface Seen {
  readonly end: ReplyEnd;
  readonly parts: readonly Part[];
  readonly metadata: ReplyMetadata;
  readonly statuses: readonly StatusData[];
}

/** Asks an app that answers like this. */
async function ask(
  answer: (init: RequestInit | undefined) => Response | Promise<Response>,
  signal = new AbortController().signal,
  onText: () => void = () => undefined,
): Promise<Seen> {
  let parts: readonly Part[] = [];
  let metadata: ReplyMetadata = {};
  const statuses: StatusData[] = [];
  const end = await streamReply({
    chatId: "chat",
    requestId: "request-1",
    model: "small",
    settings: {},
    messages: [question],
    signal,
    fetch: async (_input, init) => answer(init),
    onStatus: (status) => statuses.push(status),
    onGrowth: (grownParts, grownMetadata) => {
      parts = grownParts;
      metadata = grownMetadata;
      if (parts.length > 0) onText();
    },
  });
  return { end, parts, metadata, statuses };
}

function said({ parts }: Seen, type: "text" | "thinking"): string {
  return parts.flatMap((part) => (part.type === type ? [part.text] : [])).join("");
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("an answer that comes whole", () => {
  it("brings thinking, text, metadata and phases", async () => {
    const seen = await ask(() => respondWith(bytesOf(encodeAnswer().whole)));
    expect(seen.end).toEqual({ state: "done" });
    expect(said(seen, "thinking")).toBe(THOUGHT);
    expect(said(seen, "text")).toBe(TEXT);
    expect(seen.metadata).toMatchObject({ model: "small", tokensPerSecond: 40 });
    expect(seen.statuses.map(({ phase }) => phase)).toEqual(["connecting", "thinking", "writing"]);
  });

  it("is asked for with the model and what was said, and nothing else", async () => {
    let body: unknown;
    await ask((init) => {
      body = JSON.parse(typeof init?.body === "string" ? init.body : "");
      return respondWith(bytesOf(encodeAnswer().whole));
    });
    expect(body).toMatchObject({
      model: "small",
      stream: true,
      messages: [{ role: "user", parts: [{ type: "text", text: "What is a door?" }] }],
    });
  });
});

describe("an answer that breaks", () => {
  for (const [name, cut] of [
    ["the network cuts", true],
    ["it ends without its end", false],
  ] as const) {
    // An answer for each of its bytes: seconds, on a busy machine many of them.
    it(
      `at any byte, where ${name}, is interrupted and keeps what came`,
      { timeout: 60_000 },
      async () => {
        const { whole } = encodeAnswer();
        const bytes = bytesOf(whole);
        const finishByte = bytesOf(whole.slice(0, whole.indexOf("data: [DONE]"))).length;
        let longest = 0;
        for (let length = 0; length < bytes.length; length += 1) {
          const seen = await ask(() => respondWith(bytes.subarray(0, length), cut));
          const { state, problem } = seen.end;
          const expected =
            length >= finishByte ? ["done", undefined] : ["interrupted", "interrupted"];
          expect([length, state, problem?.code]).toEqual([length, ...expected]);
          const text = said(seen, "text");
          expect(TEXT.startsWith(text)).toBe(true);
          expect(text.length).toBeGreaterThanOrEqual(longest);
          longest = text.length;
        }
        expect(longest).toBe(TEXT.length);
      },
    );
  }

  it("with a problem told in the stream, tells it and keeps the text", async () => {
    const seen = await ask(() => respondWith(bytesOf(encodeFailure("idle_timeout"))));
    expect(seen.end).toMatchObject({
      state: "failed",
      problem: { code: "idle_timeout", link: "ollama", requestId: "r1" },
    });
    expect(said(seen, "text")).toBe("Half an an");
    expect(seen.metadata.totalMs).toBe(30);
  });

  it("with the app's own interruption, is interrupted with the link the app found", async () => {
    const stream = encodeFailure("interrupted").replace('"link":"network"', '"link":"door"');
    const seen = await ask(() => respondWith(bytesOf(stream)));
    expect(seen.end).toMatchObject({ state: "interrupted", problem: { link: "door" } });
  });

  it("with an error that nobody explained, has failed all the same", async () => {
    const stream = 'data: {"type":"start"}\n\ndata: {"type":"error","errorText":"x"}\n\n';
    const seen = await ask(() => respondWith(bytesOf(stream)));
    expect(seen.end).toMatchObject({ state: "failed", problem: { link: "app" } });
  });

  it("with a stream that is none of ours, has not succeeded", async () => {
    const stream =
      'data: {"type":"text-delta","id":"none","delta":"x"}\n\ndata: {"type":"finish"}\n\n';
    const seen = await ask(() => respondWith(bytesOf(stream)));
    expect(seen.end.state).toBe("failed");
  });
});

describe("an answer that never begins", () => {
  it("tells the app's own error object", async () => {
    const seen = await ask(() => refuse("door_host_rewrite"));
    expect(seen.end).toMatchObject({
      state: "failed",
      problem: { code: "door_host_rewrite", link: "door", requestId: "r1" },
    });
  });

  it("says so where something else answers in the app's place", async () => {
    const seen = await ask(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    expect(seen.end).toMatchObject({ state: "failed", problem: { code: "internal", link: "app" } });
  });

  it("tells a missing network from a missing app", async () => {
    const online = Object.getOwnPropertyDescriptor(navigator, "onLine");
    const fail = () => Promise.reject(new TypeError("Failed to fetch"));
    try {
      Object.defineProperty(navigator, "onLine", { value: true, configurable: true });
      expect((await ask(fail)).end.problem).toMatchObject({ code: "app_unreachable", link: "app" });
      Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
      expect((await ask(fail)).end.problem).toMatchObject({ code: "offline", link: "browser" });
    } finally {
      Reflect.deleteProperty(navigator, "onLine");
      if (online !== undefined) Object.defineProperty(navigator, "onLine", online);
    }
  });
});

describe("Stop", () => {
  it("aborts the fetch, which is what stops the model, and is no failure", async () => {
    const controller = new AbortController();
    let fetchSignal: AbortSignal | null | undefined;
    const seen = await ask(
      (init) => {
        fetchSignal = init?.signal;
        const body = new ReadableStream<Uint8Array>({
          start(stream) {
            stream.enqueue(bytesOf(encodeAnswer().endless));
            fetchSignal?.addEventListener("abort", () =>
              stream.error(new DOMException("", "AbortError")),
            );
          },
        });
        return new Response(body);
      },
      controller.signal,
      () => controller.abort(),
    );
    expect(fetchSignal?.aborted).toBe(true);
    expect(seen.end).toEqual({ state: "stopped" });
  });

  it("before the first byte is no failure either", async () => {
    const controller = new AbortController();
    const seen = await ask(() => {
      controller.abort();
      return Promise.reject(new DOMException("", "AbortError"));
    }, controller.signal);
    expect(seen.end).toEqual({ state: "stopped" });
  });
});
