/** Nothing of a conversation is dropped without a word, on either generation of Ollama. */
import { createHash, randomBytes } from "node:crypto";
import { NextRequest } from "next/server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startDemoEngine } from "../../../gateway/demo/server.ts";
import { later } from "../../helpers/later.ts";
import { startOllama } from "../../helpers/ollama.ts";
import { parts } from "../../helpers/parts.ts";

const key = randomBytes(32).toString("hex");

interface Engine {
  readonly url: string;
  close(): Promise<void>;
}

/** An old Ollama tells no numbers, so ours are guesses there. */
const GENERATIONS = [
  {
    name: "an Ollama that counts (the demo engine, by the recordings of 2026-08)",
    here: true,
    start: (): Promise<Engine> =>
      startDemoEngine({ controls: { tokensPerSecond: Infinity, loadMs: 0, readMs: 0, tokens: 5 } }),
    model: "latchkey-demo",
    about: "",
  },
  {
    name: "a real Ollama of 2025, which does not",
    here: parts.ollama !== undefined,
    start: (): Promise<Engine> => startOllama(),
    model: "answer",
    about: "about ",
  },
];

/** Far more than 512 tokens, in several messages. */
const long = Array.from({ length: 12 }, (_, index) => ({
  role: index % 2 === 0 ? "user" : "assistant",
  content: `Message ${index}: ${"the quick brown fox jumps over the lazy dog. ".repeat(12)}`,
}));
const messages = [...long, { role: "user", content: "Hello" }];

describe.each(GENERATIONS.filter(({ here }) => here))("$name", ({ start, model, about }) => {
  let engine: Engine;
  let relayChat: (typeof import("../../../lib/relay/chat.ts"))["relayChat"];

  beforeAll(async () => {
    engine = await start();
    vi.resetModules();
    vi.stubEnv("OLLAMA_BASE_URL", engine.url);
    vi.stubEnv("OLLAMA_API_KEY", randomBytes(32).toString("hex"));
    vi.stubEnv("SESSION_SECRET", randomBytes(32).toString("hex"));
    vi.stubEnv("ACCESS_KEYS", `me:member:${createHash("sha256").update(key).digest("hex")}`);
    vi.stubEnv("REQUESTS_PER_MINUTE", "0");
    ({ relayChat } = await import("../../../lib/relay/chat.ts"));
  });
  afterAll(() => engine.close());

  async function ask(more: object): Promise<{ readonly status: number; readonly text: string }> {
    const body = { model, messages, options: { num_ctx: 512, num_predict: 5 }, ...more };
    const request = new NextRequest("http://app.example/api/chat", {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
    const response = await relayChat(request, later);
    return { status: response.status, text: await response.text() };
  }

  it("refuses a conversation that does not fit, with both numbers", async () => {
    const { status, text } = await ask({});
    expect([status, text]).toEqual([400, expect.stringContaining("context_overflow")]);
    expect(text).toMatch(
      new RegExp(`has ${about}\\d{3,} tokens, and the model's context holds 512`),
    );
  });

  it("refuses it in a stream too, without a word of the model's", async () => {
    const { text } = await ask({ stream: true });
    expect(text).toContain("context_overflow");
    expect(text).toContain("context holds 512");
    expect(text).not.toContain("text-delta");
  });

  it("leaves out the oldest messages where the caller wishes, and says so", async () => {
    const { status, text } = await ask({ context: "trim" });
    expect(status).toBe(200);
    const reply: unknown = JSON.parse(text);
    const message = expect.stringMatching(/\d+ oldest messages were left out/);
    expect(reply).toMatchObject({
      done: true,
      notices: expect.arrayContaining([{ kind: "trimmed", message }]),
    });
    const streamed = await ask({ context: "trim", stream: true });
    expect(streamed.text).toContain('"type":"data-notice"');
    expect(streamed.text).toContain('"type":"finish"');
  });

  it("refuses a last question that is too long by itself, trimmed or not", async () => {
    const alone = [{ role: "user", content: "the quick brown fox. ".repeat(600) }];
    const { status, text } = await ask({ context: "trim", messages: alone });
    expect([status, text]).toEqual([400, expect.stringContaining("context_overflow")]);
  });

  it("is watched: what it drops although it looked as if it fitted is told", async () => {
    // The scripted model of the real one makes a token of each letter: four times as many as usual.
    const talk = [{ role: "user", content: "lazy dog ".repeat(150) }, ...messages.slice(-1)];
    const { status, text } = await ask({ messages: talk });
    expect(status).toBe(200);
    expect(text.includes('"kind":"dropped"')).toBe(about !== "");
  });

  it("takes one that fits as it is", async () => {
    const { status, text } = await ask({ messages: [{ role: "user", content: "Hello" }] });
    expect(status).toBe(200);
    expect(text).not.toContain("notices");
  });
});
