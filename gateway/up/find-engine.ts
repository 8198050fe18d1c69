import { isLoopback } from "../connect/app-address.ts";
import { askOllama, pullModel } from "./ollama-client.ts";
import { parseOllamaHost } from "./ollama-host.ts";
import type { Person } from "./person.ts";
import { findHolder } from "./port-holder.ts";
import { somebodyAnswers } from "./ports.ts";
import { Problem } from "./problem.ts";
import type { Step } from "./progress.ts";

/** A model that is small, good for its size, and free to use. */
const SMALL_MODEL = "qwen3:0.6b";

const PULL = `Run: ollama pull ${SMALL_MODEL}`;
const START_AGAIN = "Press Ctrl-C here, then: npm run up";

export interface OllamaFound {
  readonly kind: "ollama";
  readonly url: string;
  readonly version: string;
  readonly models: readonly string[];
}

/** No Ollama to use: the demo engine is to stand in, for this reason. */
export interface OllamaMissing {
  readonly kind: "demo";
  readonly reason: string;
  /** Who stands in its place, where somebody does. */
  readonly note?: string;
  /** How to get the real thing; undefined when the demo engine is what was asked for. */
  readonly advice?: readonly string[];
}

export interface EngineWish {
  /** The value of OLLAMA_HOST. */
  readonly ollamaHost: string | undefined;
  readonly isDemo: boolean;
  readonly person: Person;
  readonly signal: AbortSignal;
}

function bar(completed: number, total: number): string {
  const share = total === 0 ? 0 : completed / total;
  const filled = Math.round(share * 16);
  const size = `${(completed / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB`;
  return `${"█".repeat(filled)}${"░".repeat(16 - filled)} ${size}`;
}

async function pullSmallModel(url: URL, step: Step, signal: AbortSignal): Promise<void> {
  await pullModel(url, SMALL_MODEL, {
    signal,
    onProgress: (status, completed, total) => {
      const progress = total === 0 ? status : bar(completed, total);
      step.say(`${SMALL_MODEL} ${progress}`);
    },
  });
}

/** Who holds the port that an Ollama of this machine was looked for at; undefined when nobody does. */
async function describeOther({ hostname, port }: URL): Promise<string | undefined> {
  const number = Number(port || "80");
  if (!isLoopback(hostname) || !(await somebodyAnswers(number))) return undefined;
  const holder = await findHolder(number);
  return `${number} is taken by ${holder},\n  which does not answer as Ollama does.`;
}

/**
 * Looks for an Ollama with a model that can chat, and offers to download a small one where it has
 * none.
 *
 * @throws Problem when OLLAMA_HOST is no address, or one of https, or a wanted download fails
 */
export async function findOllama(
  wish: EngineWish,
  step: Step,
): Promise<OllamaFound | OllamaMissing> {
  if (wish.isDemo) return { kind: "demo", reason: "asked for" };
  const url = parseOllamaHost(wish.ollamaHost);
  if (url === undefined) {
    throw new Problem(
      `OLLAMA_HOST is no address: ${wish.ollamaHost}`,
      "Set it as for Ollama itself, for example 127.0.0.1:11434, or leave it out.",
    );
  }
  if (url.protocol !== "http:") {
    throw new Problem(
      `OLLAMA_HOST is ${url.origin}, but the door speaks plain http to an Ollama on this machine or its network.`,
      "Set it to that Ollama's own address, for example 127.0.0.1:11434, or leave it out.",
    );
  }
  const found = await askOllama(url, wish.signal);
  if (found === undefined) {
    const note = await describeOther(url);
    return {
      kind: "demo",
      reason: `no Ollama at ${url.host}`,
      ...(note === undefined ? {} : { note }),
      advice: ["Install Ollama: https://ollama.com/download", PULL, START_AGAIN],
    };
  }
  const base = { kind: "ollama", url: url.origin, version: found.version } as const;
  if (found.models.length > 0) return { ...base, models: found.models };
  const agrees = await wish.person.agrees(
    `Ollama has no model yet. Download ${SMALL_MODEL} (about 500 MB)?`,
  );
  if (agrees === true) {
    await pullSmallModel(url, step, wish.signal);
    return { ...base, models: [SMALL_MODEL] };
  }
  return {
    kind: "demo",
    reason: "Ollama has no model",
    advice: [PULL, START_AGAIN],
  };
}
