import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { RelayError } from "../../lib/errors.ts";
import { chooseModel, defaultModel, listModels } from "../../lib/models.ts";
import { configFor } from "./door-config.ts";
import { openDoorStub } from "./door-stub.ts";

const chat = { capabilities: ["completion"], details: { context_length: 4_096 } };
const TAGS = {
  models: [
    { name: "big:latest", size: 900, digest: "a", ...chat },
    { name: "small:latest", size: 10, digest: "b", ...chat },
    { name: "embed:latest", size: 1, digest: "c", capabilities: ["embedding"] },
    { name: "giant:480b-cloud", size: 2, digest: "d", ...chat },
    { name: "kimi:cloud", size: 2, digest: "e", ...chat },
    { name: "remote:latest", size: 2, digest: "f", remote_host: "https://ollama.com", ...chat },
  ],
};

const answerTags: RequestListener = (_request, response) => response.end(JSON.stringify(TAGS));
const signal = AbortSignal.timeout(10_000);

async function namesWith(allowed: string | undefined): Promise<string[]> {
  await using door = await openDoorStub(answerTags);
  const config = configFor(door.url, allowed === undefined ? {} : { ALLOWED_MODELS: allowed });
  return (await listModels(config, "owner", signal)).map(({ name }) => name);
}

describe("what may be used", () => {
  it("is every local model, smallest first, and no cloud model, which spends the owner's account", async () => {
    const local = ["embed:latest", "small:latest", "big:latest"];
    expect(await namesWith(undefined)).toEqual(local);
    expect(await namesWith("*")).toEqual(local);
    expect(await namesWith("giant*,remote*,small")).toEqual(["small:latest"]);
  });

  it("is a cloud model only by its full name", async () => {
    const named = await namesWith("kimi:cloud,remote");
    expect(named.toSorted()).toEqual(["kimi:cloud", "remote:latest"]);
  });

  it("has the smallest that can chat as its default", async () => {
    await using door = await openDoorStub(answerTags);
    const config = configFor(door.url);
    expect(defaultModel(await listModels(config, "owner", signal), config)).toBe("small:latest");
    const named = configFor(door.url, { OLLAMA_MODEL: "big" });
    expect((await chooseModel(named, "owner", undefined, signal)).name).toBe("big:latest");
  });

  it("refuses what is not allowed as if it were not there", async () => {
    await using door = await openDoorStub(answerTags);
    const config = configFor(door.url, { ALLOWED_MODELS: "small" });
    await expect(chooseModel(config, "owner", "big", signal)).rejects.toThrow(RelayError);
    expect((await chooseModel(config, "owner", "small", signal)).name).toBe("small:latest");
  });
});

/** An Ollama of 2025: the list tells no capabilities, each model is asked. */
function oldOllama(broken: string): { listener: RequestListener; most: () => number } {
  let now = 0;
  let most = 0;
  const names = Array.from({ length: 12 }, (_, index) => `m${index}:latest`);
  const show = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    now += 1;
    most = Math.max(most, now);
    const body = await readBody(request);
    now -= 1;
    if (broken !== "" && body.includes(broken)) response.writeHead(500).end('{"error":"bad blob"}');
    else response.end('{"capabilities":["completion","thinking"],"model_info":{}}');
  };
  const listener: RequestListener = (request, response) => {
    if (request.url === "/api/tags") {
      const models = names.map((name) => ({ name, size: 1, digest: `old-${broken}-${name}` }));
      response.end(JSON.stringify({ models }));
    } else void show(request, response);
  };
  return { listener, most: () => most };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

describe("an Ollama that must be asked for each model", () => {
  it("is asked a few at a time, and only once", async () => {
    const { listener, most } = oldOllama("");
    await using door = await openDoorStub(listener);
    const models = await listModels(configFor(door.url), "owner", signal);
    expect(models).toHaveLength(12);
    expect(models[0]?.capabilities).toContain("thinking");
    expect(most()).toBeLessThanOrEqual(4);
  });

  it("loses one broken model, not all of them", async () => {
    const { listener } = oldOllama("m3:latest");
    await using door = await openDoorStub(listener);
    const models = await listModels(configFor(door.url), "owner", signal);
    expect(models).toHaveLength(11);
    expect(models.map(({ name }) => name)).not.toContain("m3:latest");
  });
});
