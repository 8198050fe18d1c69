import { createHash, randomBytes } from "node:crypto";
import { NextRequest } from "next/server";
import { afterAll, describe, expect, it, vi } from "vitest";
import { startDemoEngine } from "../../../gateway/demo/server.ts";
import { later } from "../../helpers/later.ts";

const keys = { owner: randomBytes(32).toString("hex"), guest: randomBytes(32).toString("hex") };
const hash = (key: string) => createHash("sha256").update(key).digest("hex");
const engine = await startDemoEngine({ controls: { loadMs: 0, readMs: 0 } });
vi.stubEnv("OLLAMA_BASE_URL", engine.url);
vi.stubEnv("OLLAMA_API_KEY", randomBytes(32).toString("hex"));
vi.stubEnv("SESSION_SECRET", randomBytes(32).toString("hex"));
vi.stubEnv("ACCESS_KEYS", `owner:owner:${hash(keys.owner)},visitor:guest:${hash(keys.guest)}`);
const { relayModelMemory } = await import("../../../lib/relay/model-memory.ts");
afterAll(() => engine.close());

async function ask(action: "load" | "unload", model: unknown, key = keys.owner): Promise<number> {
  const request = new NextRequest(`http://app.example/api/models/${action}`, {
    method: "POST",
    headers: { "x-api-key": key },
    body: JSON.stringify({ model }),
  });
  return (await relayModelMemory(request, action, later)).status;
}

async function loaded(): Promise<string> {
  return (await fetch(`${engine.url}/api/ps`)).text();
}

describe("a model's place in memory", () => {
  it("is taken and given back", async () => {
    expect(await ask("load", "latchkey-demo")).toBe(204);
    expect(await loaded()).toContain("latchkey-demo:latest");
    expect(await ask("unload", "latchkey-demo")).toBe(204);
    expect(await loaded()).not.toContain("latchkey-demo:latest");
  });

  it("is no guest's matter, nor that of a model that is not there", async () => {
    expect(await ask("load", "latchkey-demo", keys.guest)).toBe(403);
    expect(await ask("load", "nobody")).toBe(404);
    expect(await ask("load", undefined)).toBe(400);
    expect(await ask("load", "latchkey-demo-embed")).toBe(400);
  });
});
