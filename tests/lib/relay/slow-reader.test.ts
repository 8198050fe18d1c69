/** A reader that stalls and then leaves, while others go on. */
import { createHash, randomBytes } from "node:crypto";
import type { RequestListener, ServerResponse } from "node:http";
import { NextRequest } from "next/server";
import { afterAll, describe, expect, it, vi } from "vitest";
import { later } from "../../helpers/later.ts";
import { openDoorStub } from "../door-stub.ts";

const WORD = `${JSON.stringify({ message: { role: "assistant", content: "x".repeat(1_000) } })}\n`;
const DONE = `${JSON.stringify({ message: { content: "" }, done: true })}\n`;
const EVENT = `data: ${JSON.stringify({ choices: [{ delta: { content: "x".repeat(1_000) } }] })}\n\n`;

/** Bytes that the engine could write of each endless answer, and whether its connection is closed. */
const endless: { written: number; closed: boolean }[] = [];

function writeForEver(response: ServerResponse, word: string): void {
  const answer = { written: 0, closed: false };
  endless.push(answer);
  response.on("close", () => (answer.closed = true));
  const go = (): void => {
    while (!answer.closed) {
      answer.written += word.length;
      if (!response.write(word)) {
        response.once("drain", () => setImmediate(go));
        return;
      }
    }
  };
  go();
}

const listener: RequestListener = (request, response) => {
  if (request.url === "/api/tags") {
    const models = ["endless:latest", "short:latest"].map((name) => ({
      name,
      capabilities: ["completion"],
    }));
    response.end(JSON.stringify({ models }));
  } else if (request.url === "/api/ps") {
    response.end('{"models":[]}');
  } else {
    let body = "";
    request.on("data", (bytes: Buffer) => (body += bytes.toString()));
    request.on("end", () => {
      const word = request.url === "/api/chat" ? WORD : EVENT;
      if (body.includes("endless")) writeForEver(response, word);
      else response.end(WORD + DONE);
    });
  }
};
const door = await openDoorStub(listener);
const accessKey = randomBytes(32).toString("hex");
vi.stubEnv("OLLAMA_BASE_URL", door.url);
vi.stubEnv("OLLAMA_API_KEY", randomBytes(32).toString("hex"));
vi.stubEnv("ACCESS_KEYS", `me:owner:${createHash("sha256").update(accessKey).digest("hex")}`);
vi.stubEnv("SESSION_SECRET", randomBytes(32).toString("hex"));
vi.stubEnv("IDLE_SECONDS", "2");
vi.stubEnv("MAX_ACTIVE", "4");
const { relayChat } = await import("../../../lib/relay/chat.ts");
const { relaySurface } = await import("../../../lib/relay/surface.ts");
const { findRequest } = await import("../../../lib/requests.ts");
afterAll(() => door[Symbol.asyncDispose]());

function requestFor(path: string, model: string): NextRequest {
  const messages = [{ role: "user", content: "Hello" }];
  return new NextRequest(`http://app.example${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${accessKey}` },
    body: JSON.stringify({ model, messages, stream: true }),
  });
}

/** The answer that comes after so many, once it is well under way. */
async function nextEndless(before: number) {
  return vi.waitFor(() => {
    const answer = endless[before];
    if (answer === undefined || answer.written < 1_000_000) throw new Error("not yet");
    return answer;
  });
}

const ASKS = [
  ["/api/chat", (model: string) => relayChat(requestFor("/api/chat", model), later)],
  [
    "/v1/chat/completions",
    (model: string) =>
      relaySurface(requestFor("/v1/chat/completions", model), "/v1/chat/completions", later),
  ],
] as const;

describe.each(ASKS)("a reader of %s that stalls", (_path, ask) => {
  it("holds the engine back, harms nobody, and is let go without an error of the model's", async () => {
    const before = endless.length;
    const stalled = await ask("endless");
    const answer = await nextEndless(before);
    // Others go on meanwhile.
    const other = await relayChat(requestFor("/api/chat", "short"), later);
    expect(await other.text()).toContain("[DONE]");
    // Its silence is a reader's, so it ends by IDLE_SECONDS as one who left.
    await vi.waitFor(() => expect(answer.closed).toBe(true), { timeout: 5_000 });
    // What fits into the buffers on the way, sockets included.
    expect(answer.written).toBeLessThan(16_000_000);
    const id = stalled.headers.get("x-request-id") ?? "";
    await vi.waitFor(() => expect(findRequest("key:me", id).state).toBe("stopped"));
    await stalled.body?.cancel();
  });

  it("is let go at once when it leaves", async () => {
    const before = endless.length;
    const stalled = await ask("endless");
    const answer = await nextEndless(before);
    await stalled.body?.cancel();
    await vi.waitFor(() => expect(answer.closed).toBe(true), { timeout: 1_000 });
  });
});
