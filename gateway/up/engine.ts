import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publicEnvironment } from "../bootstrap/environment.mjs";
import { findOllama } from "./find-engine.ts";
import { askOllama } from "./ollama-client.ts";
import type { Place } from "./place.ts";
import { anyPort } from "./ports.ts";
import type { EngineNote } from "./running.ts";
import { type Service, superviseService } from "./supervisor.ts";

/** How to run the demo engine at an address of loopback. */
function demoEngine({ home, env }: Place, url: URL): Service {
  return {
    name: "The demo engine",
    command: process.execPath,
    args: [fileURLToPath(new URL("../demo/main.ts", import.meta.url)), "--port", url.port],
    env: publicEnvironment(env),
    cwd: home,
    logFile: join(home, "engine.log"),
    isReady: async () => (await askOllama(new URL(url), AbortSignal.timeout(5_000))) !== undefined,
    patienceMs: 15_000,
    fix: `Look at ${join(home, "engine.log")}.`,
  };
}

/** What answers, and how to get the real thing where the demo engine stands in. */
export interface Engine {
  readonly note: EngineNote;
  readonly advice: readonly string[] | undefined;
}

async function startDemo(place: Place, advice: readonly string[] | undefined): Promise<Engine> {
  const url = new URL(`http://127.0.0.1:${await anyPort()}`);
  await superviseService(place.household, demoEngine(place, url), place.watching);
  const state = await askOllama(url, place.signal);
  const note = { kind: "demo", url: url.origin, version: state?.version ?? "unknown" } as const;
  return { note, advice };
}

/** Finds an Ollama to use, or starts the demo engine in its place, and says which and why. */
export function startEngine(place: Place, isDemo: boolean): Promise<Engine> {
  const { env, person, signal } = place;
  return place.progress.step("Engine", async (step) => {
    const wish = { ollamaHost: env["OLLAMA_HOST"], isDemo, person, signal };
    const found = await findOllama(wish, step);
    if (found.kind === "demo") {
      if (found.note !== undefined) place.progress.write(`  ${found.note}`);
      step.say(`demo engine (${found.reason})`);
      return startDemo(place, found.advice);
    }
    const { url, version, models } = found;
    const count = models.length === 1 ? "1 model" : `${models.length} models`;
    step.say(`Ollama ${version} at ${new URL(url).host}, ${count}`);
    return { note: { kind: "ollama", url, version }, advice: undefined };
  });
}
