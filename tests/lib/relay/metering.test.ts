/** What a reply costs its caller, also where it does not come to its end. */
import { createHash, randomBytes } from "node:crypto";
import { NextRequest } from "next/server";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startDemoEngine } from "../../../gateway/demo/server.ts";
import { later, settleLater } from "../../helpers/later.ts";

const engine = await startDemoEngine();
const key = randomBytes(32).toString("hex");
const hash = createHash("sha256").update(key).digest("hex");
let relaySurface: (typeof import("../../../lib/relay/surface.ts"))["relaySurface"];
afterAll(() => engine.close());

const BUDGET = 60;

beforeEach(async () => {
  const calm = { tokensPerSecond: Infinity, loadMs: 0, readMs: 0, tokens: 50 };
  Object.assign(engine.controls, calm, { fault: { kind: "none" } });
  // Counts are kept as long as the configuration is.
  vi.resetModules();
  vi.stubEnv("OLLAMA_BASE_URL", engine.url);
  vi.stubEnv("OLLAMA_API_KEY", randomBytes(32).toString("hex"));
  vi.stubEnv("SESSION_SECRET", randomBytes(32).toString("hex"));
  vi.stubEnv("ACCESS_KEYS", `me:member:${hash}`);
  vi.stubEnv("TOKENS_PER_DAY", String(BUDGET));
  vi.stubEnv("IDLE_SECONDS", "1");
  vi.stubEnv("FIRST_TOKEN_SECONDS", "1");
  ({ relaySurface } = await import("../../../lib/relay/surface.ts"));
});

function ask(body: object): Promise<Response> {
  const sent = { model: "latchkey-demo", messages: [{ role: "user", content: "Hello" }], ...body };
  const request = new NextRequest("http://app.example/v1/chat/completions", {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(sent),
  });
  return relaySurface(request, "/v1/chat/completions", later);
}

async function isSpent(): Promise<boolean> {
  await settleLater();
  const response = await ask({});
  const text = await response.text();
  return response.status === 429 && text.includes("token_budget_spent");
}

describe("a budget of tokens", () => {
  it("is not overdrawn by those who wait in line together", async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask({})));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(2);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(4);
    // The refusal tells of tokens, not of requests.
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get("ratelimit-limit")).toBe(String(BUDGET));
  });

  it("bounds a reply by what is left of it", async () => {
    Object.assign(engine.controls, { tokens: 5_000 });
    const reply: unknown = await (await ask({})).json();
    expect(reply).toMatchObject({ usage: { completion_tokens: BUDGET } });
    expect(await isSpent()).toBe(true);
  });

  it.each([
    ["a document that never came", { stream: false }, { kind: "stall", afterTokens: 3 }],
    ["a prompt read for nothing", { stream: true }, { kind: "slow-headers", forMs: 60_000 }],
    ["a stream that fell silent", { stream: true }, { kind: "stall", afterTokens: 45 }],
    ["a stream that broke off", { stream: true }, { kind: "cut-mid-line", afterTokens: 45 }],
  ] as const)("is charged for %s", async (_what, body, fault) => {
    Object.assign(engine.controls, { fault });
    const long = "word ".repeat(60);
    const response = await ask({ ...body, messages: [{ role: "user", content: long }] });
    await response.text();
    Object.assign(engine.controls, { fault: { kind: "none" } });
    expect(await isSpent()).toBe(true);
  });

  it("is not charged for what Ollama refused", async () => {
    Object.assign(engine.controls, { fault: { kind: "busy" } });
    for (let tries = 0; tries < 5; tries += 1) expect((await ask({})).status).toBe(503);
    Object.assign(engine.controls, { fault: { kind: "none" } });
    expect(await isSpent()).toBe(false);
  });
});

it("an answer is complete with its end, though the engine holds the connection open", async () => {
  const { openDoorStub } = await import("../door-stub.ts");
  const end = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
  await using door = await openDoorStub((request, response) => {
    const models = [{ name: "m:latest", capabilities: ["completion"] }];
    if (request.url === "/api/tags") response.end(JSON.stringify({ models }));
    else response.write(end);
  });
  vi.resetModules();
  vi.stubEnv("OLLAMA_BASE_URL", door.url);
  ({ relaySurface } = await import("../../../lib/relay/surface.ts"));
  const response = await ask({ model: "m", stream: true });
  expect(await response.text()).toBe(end);
});
