/** The chain without its browser: what a program sees that talks to the app, through a real Caddy. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChain, type Chain } from "./helpers/chain.ts";
import { recordMeasurement } from "./helpers/measurement.ts";
import { startOllama } from "./helpers/ollama.ts";
import { parts } from "./helpers/parts.ts";
import { startTap, type Tap } from "./helpers/tap.ts";
import { waitUntil } from "./helpers/wait-until.ts";
import { readPieces } from "./helpers/read-pieces.ts";

const messages = [{ role: "user", content: "Hello" }];

describe.skipIf(parts.caddy === undefined)("whoever has no key", () => {
  let chain: Chain;

  beforeAll(async () => {
    chain = await startChain({ engine: "demo" });
  });

  afterAll(() => chain.close());

  const wrong = "w".repeat(43);
  it.each([
    ["nothing", {}],
    ["an empty bearer", { authorization: "Bearer " }],
    ["an empty x-api-key", { "x-api-key": "" }],
    ["a wrong bearer", { authorization: `Bearer ${wrong}` }],
    ["a wrong x-api-key", { "x-api-key": wrong }],
    ["a made-up cookie", { cookie: `latchkey=${wrong}` }],
  ])("with %s gets 401 from the app, and the engine hears nothing", async (_, headers) => {
    for (const path of ["/api/chat", "/api/models", "/api/health?deep=1", "/api/requests/abc"]) {
      const isChat = path === "/api/chat";
      const response = await fetch(chain.app.url + path, {
        method: isChat ? "POST" : "GET",
        headers: { "content-type": "application/json", ...headers },
        ...(isChat ? { body: JSON.stringify({ messages }) } : {}),
      });
      expect([path, response.status]).toEqual([path, 401]);
      expect(await response.json()).toMatchObject({ error: { code: "unauthorized", link: "app" } });
    }
    expect(chain.demo?.requests).toEqual([]);
  });

  it("with the door's own key is a stranger to the app", async () => {
    const headers = { authorization: `Bearer ${chain.doorKey}` };
    expect((await fetch(`${chain.app.url}/api/models`, { headers })).status).toBe(401);
    expect(chain.demo?.requests).toEqual([]);
  });

  it.each([
    ["nothing", {}],
    ["an empty key", { "x-api-key": "" }],
    ["a wrong key", { "x-api-key": wrong }],
    ["a prefix with a star", { "x-api-key": "*" }],
  ])("with %s gets 401 from the door, and the engine hears nothing", async (_, headers) => {
    for (const path of ["/api/tags", "/api/pull", "/nothing"]) {
      const response = await fetch(chain.door.url + path, { headers });
      expect([path, response.status]).toEqual([path, 401]);
    }
    expect(chain.demo?.requests).toEqual([]);
  });
});

describe.skipIf(parts.caddy === undefined || parts.ollama === undefined)("a real Ollama", () => {
  let stack: AsyncDisposableStack;
  let chain: Chain;
  let tap: Tap;
  let ollamaUrl = "";

  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    const ollama = stack.adopt(await startOllama({ parallel: 1 }), (each) => each.close());
    ollamaUrl = ollama.url;
    tap = stack.adopt(await startTap(ollama.url), (each) => each.close());
    chain = stack.adopt(await startChain({ engine: tap }), (each) => each.close());
  });

  afterAll(() => stack.disposeAsync());

  function chat(body: object, signal?: AbortSignal): Promise<Response> {
    return fetch(`${chain.app.url}/api/chat`, {
      method: "POST",
      headers: { "content-type": "application/json", ...chain.headers },
      body: JSON.stringify({ messages, ...body }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  it("answers the recipe's own client with one JSON document", async () => {
    const response = await chat({ model: "answer" });
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toMatchObject({
      done: true,
      message: { role: "assistant", content: expect.stringContaining("한국어로도") },
    });
  });

  it("sends thought and answer in many pieces, the first long before the last", async () => {
    const response = await chat({ model: "think", stream: true });
    expect(response.headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
    const pieces = await readPieces(response);
    const text = pieces.map((piece) => piece.text).join("");
    expect(text).toContain('"type":"reasoning-delta"');
    expect(text.indexOf("reasoning-delta")).toBeLessThan(text.indexOf("text-delta"));
    expect(text).toMatch(/"type":"finish"[^]*\[DONE\]/u);
    expect(pieces.length).toBeGreaterThan(20);
    const firstText = pieces.find((piece) => piece.text.includes("reasoning-delta"));
    const request = tap.requests.findLast(({ path }) => path === "/api/chat");
    await waitUntil("the engine's answer to end", () => request?.endedAt !== undefined);
    const engineFirst = request?.firstByteAt ?? Infinity;
    recordMeasurement(
      "first text from the app after Ollama's first byte",
      (firstText?.at ?? 0) - engineFirst,
    );
    expect(firstText?.at).toBeLessThan((request?.endedAt ?? 0) - 300);
  });

  it("has its only slot back as soon as the caller leaves", async () => {
    const caller = new AbortController();
    const response = await chat({ model: "endless", stream: true }, caller.signal);
    const pieces = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const readUntil = async (found: (text: string) => boolean): Promise<void> => {
      let text = "";
      while (!found(text)) {
        const piece = await pieces?.read();
        if (piece?.value === undefined) {
          throw new Error(`The answer ended early: ${text}`);
        }
        text += piece.value;
      }
    };
    await readUntil((text) => text.includes("text-delta"));
    let served: number | undefined;
    const next = fetch(`${ollamaUrl}/api/chat`, {
      method: "POST",
      body: JSON.stringify({ model: "endless", messages, options: { num_predict: 2 } }),
    }).then(async (answer) => {
      served = Date.now();
      return answer.text();
    });
    // The endless answer goes on, and as long as it does the other one waits.
    await readUntil((text) => text.length > 5000);
    expect(served).toBeUndefined();
    const left = Date.now();
    caller.abort();
    expect(await next).toContain('"done":true');
    recordMeasurement(
      "a caller leaves: the waiting request's first byte after",
      (served ?? Infinity) - left,
    );
    expect((served ?? Infinity) - left).toBeLessThan(1000);
  });
});
