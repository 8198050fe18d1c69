import type { Config } from "./config.ts";
import { ERROR_TABLE, RelayError, toRelayError, type ErrorCode, type Link } from "./errors.ts";
import { listModels } from "./models.ts";
import { callDoor, callDoorForJson } from "./upstream.ts";

/** One link of the chain, as deep health tells it. */
export interface LinkHealth {
  readonly link: Link | "models";
  readonly ok: boolean;
  readonly ms: number;
  readonly code?: ErrorCode;
  readonly fix?: string;
}

const TIMEOUT_MS = 10_000;

/** Walks the chain outwards, one question a link, and stops at the first that is broken. */
export async function checkLinks(config: Config, caller: AbortSignal): Promise<LinkHealth[]> {
  const signal = AbortSignal.any([caller, AbortSignal.timeout(TIMEOUT_MS)]);
  const questions: readonly (readonly [LinkHealth["link"], () => Promise<void>])[] = [
    ["app", async () => undefined],
    [
      "network",
      async () => {
        const answer = await callDoor(config, { method: "GET", path: "/health", signal });
        answer.resume();
      },
    ],
    ["door", () => askDoor(config, signal)],
    [
      "ollama",
      async () => {
        await callDoorForJson(config, { method: "GET", path: "/api/version", signal });
      },
    ],
    [
      "models",
      async () => {
        const models = await listModels(config, signal, true);
        if (models.length === 0) throw new RelayError("model_not_found", { fix: NO_MODELS });
      },
    ],
  ];
  const links: LinkHealth[] = [];
  for (const [link, ask] of questions) {
    const health = await examine(link, ask);
    links.push(health);
    if (!health.ok) break;
  }
  return links;
}

const NO_MODELS = "Pull a model at home: ollama pull qwen3:0.6b.";

/** The key is accepted when anything but the lock answers: Ollama being down is the next link's matter. */
async function askDoor(config: Config, signal: AbortSignal): Promise<void> {
  try {
    await callDoorForJson(config, { method: "GET", path: "/api/version", signal });
  } catch (thrown) {
    if (thrown instanceof RelayError && ERROR_TABLE[thrown.code].link === "ollama") return;
    throw thrown;
  }
}

async function examine(link: LinkHealth["link"], ask: () => Promise<void>): Promise<LinkHealth> {
  const startedAt = performance.now();
  const ms = () => Math.round(performance.now() - startedAt);
  try {
    await ask();
    return { link, ok: true, ms: ms() };
  } catch (thrown) {
    const timedOut = thrown instanceof DOMException && thrown.name === "TimeoutError";
    const error = timedOut ? new RelayError("home_unreachable") : toRelayError(thrown);
    return { link, ok: false, ms: ms(), code: error.code, fix: error.toObject("").fix };
  }
}
