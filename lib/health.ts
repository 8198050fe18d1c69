import type { Role } from "./access-keys.ts";
import type { Config } from "./config.ts";
import { ERROR_TABLE, type ErrorCode, type Link } from "./error-table.ts";
import { RelayError, toRelayError } from "./errors.ts";
import { storeHealth } from "./limits.ts";
import { listModels } from "./models.ts";
import { callDoor, callDoorForJson } from "./upstream.ts";

/** One link of the chain, as deep health tells it. */
export interface LinkHealth {
  readonly link: Link | "store" | "models";
  readonly ok: boolean;
  readonly ms: number;
  readonly code?: ErrorCode;
  readonly fix?: string;
}

/** For each link by itself. */
const TIMEOUT_MS = 5_000;

/** Walks the chain outwards, one question a link, and stops at the first that is broken. */
export async function checkLinks(
  config: Config,
  role: Role,
  caller: AbortSignal,
): Promise<LinkHealth[]> {
  const questions: readonly (readonly [LinkHealth["link"], Question])[] = [
    ["app", async () => undefined],
    [
      "network",
      async (signal) => {
        const answer = await callDoor(config, { method: "GET", path: "/health", signal });
        answer.resume();
      },
    ],
    ["door", (signal) => askDoor(config, signal)],
    [
      "ollama",
      async (signal) => {
        await callDoorForJson(config, { method: "GET", path: "/api/version", signal });
      },
    ],
    [
      "models",
      async (signal) => {
        const models = await listModels(config, role, signal, true);
        if (models.length === 0) throw new RelayError("model_not_found", { fix: NO_MODELS });
      },
    ],
  ];
  const store = examineStore(config);
  const links: LinkHealth[] = [];
  for (const [link, ask] of questions) {
    const health = await examine(link, ask, caller);
    links.push(health);
    if (!health.ok) break;
  }
  // Beside the app, whose limits it holds; the chain does without it.
  return links.toSpliced(1, 0, ...(await store));
}

/** The shared store, where there is one: without it limits still hold, in each process for itself. */
async function examineStore(config: Config): Promise<LinkHealth[]> {
  const startedAt = performance.now();
  const health = await storeHealth(config);
  if (health === "none") return [];
  const ms = Math.round(performance.now() - startedAt);
  if (health === "up") return [{ link: "store", ok: true, ms }];
  return [{ link: "store", ok: false, ms, fix: STORE_DOWN }];
}

const STORE_DOWN =
  "Check the store's address and token (KV_REST_API_URL, KV_REST_API_TOKEN); until then each process counts alone.";
const NO_MODELS = "Pull a model at home: ollama pull qwen3:0.6b.";

type Question = (signal: AbortSignal) => Promise<void>;

/** The key is accepted when anything but the lock answers: Ollama being down is the next link's matter. */
async function askDoor(config: Config, signal: AbortSignal): Promise<void> {
  try {
    await callDoorForJson(config, { method: "GET", path: "/api/version", signal });
  } catch (thrown) {
    if (thrown instanceof RelayError && ERROR_TABLE[thrown.code].link === "ollama") return;
    throw thrown;
  }
}

async function examine(
  link: LinkHealth["link"],
  ask: Question,
  caller: AbortSignal,
): Promise<LinkHealth> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const startedAt = performance.now();
  const ms = () => Math.round(performance.now() - startedAt);
  try {
    await ask(AbortSignal.any([caller, limit]));
    return { link, ok: true, ms: ms() };
  } catch (thrown) {
    caller.throwIfAborted();
    // Once the door has answered, it is what stands behind it that keeps silent.
    const silent = new RelayError(link === "network" ? "home_unreachable" : "ollama_unreachable");
    const error = limit.aborted ? silent : toRelayError(thrown);
    return { link, ok: false, ms: ms(), code: error.code, fix: error.toObject("").fix };
  }
}
