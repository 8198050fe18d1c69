import { afterEach, beforeEach, expect, it } from "vitest";
import { startDemoEngine, type DemoEngine } from "../../gateway/demo/server.ts";
import { findEngine } from "../../gateway/init/engine.ts";
import { parseSpec, type GatewaySpec } from "../../gateway/spec/spec.ts";

let engine: DemoEngine;
let gone: DemoEngine;
const { signal } = new AbortController();

const startingSpec = (url: string): GatewaySpec => parseSpec({ upstreams: [url] });

beforeEach(async () => {
  engine = await startDemoEngine();
  gone = await startDemoEngine();
  await gone.close();
});
afterEach(() => engine.close());

it("stays with the Ollama of the description while it answers", async () => {
  const before = startingSpec(engine.url);
  const found = await findEngine(before, {}, signal, new URL(gone.url));
  expect(found.url).toBeUndefined();
  expect(found.seen).toContain(new URL(engine.url).host);
});

it("takes the usual one where the one of the description is gone, as a demo engine is", async () => {
  const found = await findEngine(startingSpec(gone.url), {}, signal, new URL(engine.url));
  expect(found.url).toBe(engine.url);
});

it("does not trade an Ollama elsewhere that sleeps for one of this computer", async () => {
  // An address for documentation (RFC 5737): nobody answers there.
  const host = "192.0.2.7";
  const before = parseSpec({ upstreams: [`http://${host}:11434`], lanHosts: [host] });
  const finding = findEngine(before, {}, signal, new URL(engine.url));
  await expect(finding).rejects.toThrow(`No Ollama answers at ${host}`);
});

it("says so where neither answers", async () => {
  const finding = findEngine(startingSpec(gone.url), {}, signal, new URL(gone.url));
  await expect(finding).rejects.toThrow(`No Ollama answers at ${new URL(gone.url).host}`);
});
