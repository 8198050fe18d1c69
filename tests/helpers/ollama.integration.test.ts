import { readFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { startOllama } from "./ollama.ts";
import { parts } from "./parts.ts";

const reply = z.object({
  message: z.object({ content: z.string(), thinking: z.string().optional() }),
});

async function ask(url: string, body: Readonly<Record<string, unknown>>) {
  const messages = [{ role: "user", content: "Hello" }];
  const response = await fetch(`${url}/api/chat`, {
    method: "POST",
    body: JSON.stringify({ stream: false, messages, ...body }),
  });
  return reply.parse(await response.json()).message;
}

async function isGone(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}

describe.skipIf(parts.ollama === undefined)("the tests' own Ollama", () => {
  it("says the scripted words, and ends with everything it started", async () => {
    const ollama = await startOllama();
    try {
      const message = await ask(ollama.url, { model: "think", think: true });
      expect(message.thinking).toMatch(/\S/u);
      expect(message.content).toContain("한국어로도 **대답**합니다.");
    } finally {
      await ollama.close();
    }
    expect(await isGone(ollama.url)).toBe(true);
    // The runner, which holds the model, is in Ollama's process group.
    expect(() => process.kill(-ollama.pid, 0)).toThrow("ESRCH");
  });

  it.runIf(process.platform === "linux")("never sees OLLAMA_API_KEY", async () => {
    vi.stubEnv("OLLAMA_API_KEY", "not-for-ollama");
    const ollama = await startOllama();
    try {
      const environment = await readFile(`/proc/${ollama.pid}/environ`, "utf8");
      expect(environment).toContain("OLLAMA_HOST=127.0.0.1:");
      expect(environment).not.toContain("OLLAMA_API_KEY");
    } finally {
      vi.unstubAllEnvs();
      await ollama.close();
    }
  });
});
