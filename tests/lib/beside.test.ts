/** What is asked beside a reply must not outlive it. */
import { randomBytes } from "node:crypto";
import { NextRequest } from "next/server";
import { afterAll, expect, it, vi } from "vitest";
import { later } from "../helpers/later.ts";
import { openDoorStub } from "./door-stub.ts";

let hanging = 0;
const asked = Promise.withResolvers<void>();
const chatAnswer = '{"message":{"content":"Hi"},"done":true}\n';
const door = await openDoorStub((request, response) => {
  if (request.url === "/api/tags") {
    const models = [{ name: "m:latest", digest: "beside", capabilities: ["completion"] }];
    response.end(JSON.stringify({ models }));
  } else if (request.url === "/api/chat") {
    // Not before the question beside it has come.
    void asked.promise.then(() => response.end(chatAnswer));
  } else {
    hanging += 1;
    asked.resolve();
    request.socket.on("close", () => (hanging -= 1));
  }
});
vi.stubEnv("OLLAMA_BASE_URL", door.url);
vi.stubEnv("OLLAMA_API_KEY", randomBytes(32).toString("hex"));
vi.stubEnv("PUBLIC_ACCESS", "true");
const { relayChat } = await import("../../lib/relay/chat.ts");
afterAll(() => door[Symbol.asyncDispose]());

it("the question for loaded models is dropped when the reply is complete", async () => {
  const body = JSON.stringify({ stream: true, messages: [{ role: "user", content: "Hello" }] });
  const request = new NextRequest("http://app.example/api/chat", { method: "POST", body });
  const text = await (await relayChat(request, later)).text();
  expect(text).toContain('"type":"finish"');
  await vi.waitFor(() => expect(hanging).toBe(0));
});
