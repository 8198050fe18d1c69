import { createServer, type IncomingMessage, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { proveChain } from "../../../gateway/up/prove-chain.ts";

let server: Server;
let app: string;
let status: number;
let body: string;
let asked: { readonly request: IncomingMessage; readonly body: unknown } | undefined;
const details: string[] = [];

beforeEach(async () => {
  status = 200;
  details.length = 0;
  server = createServer((request, response) => {
    void json(request).then((sent) => {
      asked = { request, body: sent };
      return response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const bound = server.address();
  app = typeof bound === "object" && bound !== null ? `http://127.0.0.1:${bound.port}` : "";
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const events = (...parts: readonly object[]): string =>
  `${parts.map((part) => `data: ${JSON.stringify(part)}\n\n`).join("")}data: [DONE]\n\n`;

const text = (delta: string) => ({ type: "text-delta", id: "1", delta });

const prove = () =>
  proveChain(app, "the-key", {
    signal: AbortSignal.timeout(10_000),
    say: (detail) => {
      details.push(detail);
    },
  });

describe("a reply proves the chain", () => {
  it("when it comes in pieces and ends; what is waited for is told", async () => {
    body = events(
      { type: "start" },
      { type: "data-status", data: { phase: "loading", at: 1 }, transient: true },
      { type: "reasoning-delta", id: "0", delta: "hm" },
      text("one"),
      text(" two"),
      { type: "finish" },
    );
    expect(await prove()).toMatchObject({ parts: 3 });
    expect(details).toStrictEqual(["loading the model"]);
    expect(asked?.request.headers.authorization).toBe("Bearer the-key");
    expect(asked?.body).toMatchObject({ stream: true, messages: [{ role: "user" }] });
  });

  it("not when it comes in one piece", async () => {
    body = events(text("one two three"), { type: "finish" });
    await expect(prove()).rejects.toThrow("in one piece, not as a stream");
  });

  it("not when it has no end", async () => {
    body = events(text("one"), text(" two"));
    await expect(prove()).rejects.toThrow("broke off before its end");
  });
});

describe("what broke is told in the app's own words", () => {
  const problem = { code: "door_host_rewrite", message: "The door is wrong.", fix: "Render it." };

  it("in mid-stream", async () => {
    body = events(text("one"), { type: "data-problem", data: problem }, { type: "error" });
    await expect(prove()).rejects.toMatchObject({
      message: "The door is wrong.",
      fix: "Render it.",
    });
  });

  it("before the stream", async () => {
    status = 502;
    body = JSON.stringify({ error: problem });
    await expect(prove()).rejects.toMatchObject({
      message: "The door is wrong.",
      fix: "Render it.",
    });
  });

  it("unless it is not the app that answers", async () => {
    status = 500;
    body = "<html>";
    await expect(prove()).rejects.toMatchObject({ fix: "Look at .latchkey/app.log." });
  });
});
