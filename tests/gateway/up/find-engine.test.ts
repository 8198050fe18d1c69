import { createServer, type RequestListener, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EngineWish, findOllama } from "../../../gateway/up/find-engine.ts";

let server: Server;
let address: string;
let answer: RequestListener;
const details: string[] = [];

const step = {
  say: (detail: string) => {
    details.push(detail);
  },
};

beforeEach(async () => {
  details.length = 0;
  server = createServer((request, response) => {
    answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const bound = server.address();
  address = typeof bound === "object" && bound !== null ? `127.0.0.1:${bound.port}` : "";
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Answers as an Ollama with these models; a download says these lines. */
function asOllama(models: readonly object[], pull: readonly object[] = []): void {
  answer = (request, response) => {
    const documents: Readonly<Record<string, string>> = {
      "GET /api/version": JSON.stringify({ version: "0.30.1" }),
      "GET /api/tags": JSON.stringify({ models }),
      "POST /api/pull": pull.map((line) => `${JSON.stringify(line)}\n`).join(""),
    };
    response.end(documents[`${request.method} ${request.url}`]);
  };
}

const wish = (rest: Partial<EngineWish> = {}): EngineWish => ({
  ollamaHost: address,
  isDemo: false,
  person: { agrees: () => Promise.resolve(undefined) },
  signal: AbortSignal.timeout(10_000),
  ...rest,
});

const yes = { agrees: () => Promise.resolve(true) };

describe("an Ollama that answers", () => {
  it("is used when it has models, the smallest first, those that cannot chat here left out", async () => {
    asOllama([
      { name: "large:8b", size: 9000 },
      { name: "small:1b", size: 1000, capabilities: ["completion"] },
      { name: "embed", size: 10, capabilities: ["embedding"] },
      { name: "huge:cloud", size: 1 },
      { name: "renamed", size: 1, remote_host: "https://ollama.com:443" },
    ]);
    expect(await findOllama(wish(), step)).toStrictEqual({
      kind: "ollama",
      url: `http://${address}`,
      version: "0.30.1",
      models: ["small:1b", "large:8b"],
    });
  });

  it("without a model gets a small one when the person agrees, with a bar", async () => {
    asOllama(
      [],
      [
        { status: "pulling manifest" },
        { status: "pulling abc", total: 520_000_000, completed: 260_000_000 },
        { status: "success" },
      ],
    );
    const found = await findOllama(wish({ person: yes }), step);
    expect(found).toMatchObject({ kind: "ollama", models: ["qwen3:0.6b"] });
    expect(details).toContain("qwen3:0.6b ████████░░░░░░░░ 260 of 520 MB");
  });

  it("tells Ollama's own reason when the download fails", async () => {
    asOllama([], [{ status: "pulling manifest" }, { error: "no space left on device" }]);
    await expect(findOllama(wish({ person: yes }), step)).rejects.toMatchObject({
      message: "Ollama could not download qwen3:0.6b: no space left on device",
      fix: "Try: ollama pull qwen3:0.6b",
    });
  });

  it("does not take a download that broke off for one that was made", async () => {
    asOllama([], [{ status: "pulling abc", total: 2, completed: 1 }]);
    await expect(findOllama(wish({ person: yes }), step)).rejects.toThrow("broke off");
  });

  it.each([
    ["nobody is there to answer", undefined],
    ["the person does not want one", false],
  ])("without a model stays unused when %s", async (_, agreement) => {
    asOllama([]);
    const person = { agrees: () => Promise.resolve(agreement) };
    expect(await findOllama(wish({ person }), step)).toMatchObject({
      kind: "demo",
      reason: "Ollama has no model",
    });
  });
});

describe("the demo engine stands in", () => {
  it("where nobody answers, with the address and how to get the real thing", async () => {
    server.close();
    const found = await findOllama(wish(), step);
    expect(found).not.toHaveProperty("note");
    expect(found).toMatchObject({
      kind: "demo",
      reason: `no Ollama at ${address}`,
      advice: expect.arrayContaining(["Install Ollama: https://ollama.com/download"]),
    });
  });

  it("where something else answers", async () => {
    answer = (request, response) => {
      void text(request).then(() => response.writeHead(404).end("<html>"));
    };
    const found = await findOllama(wish(), step);
    expect(found).toMatchObject({ kind: "demo", reason: `no Ollama at ${address}` });
    // The system does not tell everybody's name everywhere; here it is this very process.
    const port = address.split(":")[1];
    expect(found).toHaveProperty(
      "note",
      expect.stringMatching(
        new RegExp(
          `^${port} is taken by .+ \\(process ${process.pid}\\),\n  which does not answer`,
        ),
      ),
    );
  });

  it("where it is asked for, whoever else answers", async () => {
    asOllama([{ name: "small:1b", size: 1000 }]);
    expect(await findOllama(wish({ isDemo: true }), step)).toStrictEqual({
      kind: "demo",
      reason: "asked for",
    });
  });
});

it("an OLLAMA_HOST that is no address is a mistake to correct, not a reason for the demo", async () => {
  await expect(findOllama(wish({ ollamaHost: "ftp://x" }), step)).rejects.toThrow(
    "OLLAMA_HOST is no address: ftp://x",
  );
});

it("an OLLAMA_HOST of https is a mistake to correct as well, told before anybody is asked", async () => {
  const ollamaHost = "https://ollama.invalid:8443/api";
  await expect(findOllama(wish({ ollamaHost }), step)).rejects.toMatchObject({
    message:
      "OLLAMA_HOST is https://ollama.invalid:8443, but the door speaks plain http to an Ollama on this machine or its network.",
    fix: "Set it to that Ollama's own address, for example 127.0.0.1:11434, or leave it out.",
  });
});
