import { hostOf, isLoopback } from "../spec/addresses.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import type { Environment } from "../up/environment.ts";
import { askOllama, type OllamaState } from "../up/ollama-client.ts";
import { parseOllamaHost } from "../up/ollama-host.ts";
import { Problem } from "../up/problem.ts";

export interface Engine {
  /** Where the door is to find it; undefined: where the description says already. */
  readonly url: string | undefined;
  /** For a person. */
  readonly seen: string;
}

/**
 * Finds the Ollama for the door: the one OLLAMA_HOST names, else the one of the description, else this
 * computer's usual one, which also counts where nothing answers at the description's own on this computer any more: `up`
 * may have left a demo engine's there. A door that nothing answers behind could not be proved.
 *
 * @param usual where an Ollama of this computer listens
 * @throws Problem where none answers
 */
export async function findEngine(
  before: GatewaySpec | undefined,
  env: Environment,
  signal: AbortSignal,
  usual: URL | undefined = parseOllamaHost(undefined),
): Promise<Engine> {
  const named = env["OLLAMA_HOST"];
  const isKept = before !== undefined && (named === undefined || named === "");
  const url = isKept ? new URL(before.upstreams[0] ?? "") : parseOllamaHost(named);
  if (url === undefined || url.protocol !== "http:") {
    throw new Problem(
      "OLLAMA_HOST is no address of an Ollama.",
      "Set it as for Ollama itself, for example 127.0.0.1:11434, or leave it out.",
    );
  }
  const found = await askOllama(url, signal);
  if (found !== undefined)
    return { url: isKept ? undefined : url.origin, seen: seenOf(found, url) };
  // One on another machine was chosen: it is not traded for this one's because it sleeps.
  const mayBeGone = isKept && isLoopback(hostOf(url.href));
  const instead = mayBeGone && usual !== undefined ? await askOllama(usual, signal) : undefined;
  if (usual === undefined || instead === undefined) {
    const where = isLoopback(hostOf(url.href)) ? "Start Ollama" : "Start it there";
    throw new Problem(
      `No Ollama answers at ${url.host}.`,
      `${where} (https://ollama.com/download), or name another with OLLAMA_HOST, then run this again.`,
    );
  }
  return { url: usual.origin, seen: seenOf(instead, usual) };
}

function seenOf({ models, version }: OllamaState, { host }: URL): string {
  const count = models.length === 1 ? "1 model" : `${models.length} models`;
  return `Ollama ${version} at ${host}, ${count}`;
}
