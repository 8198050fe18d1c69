import type { Config } from "./config.ts";
import type { ErrorCode } from "./error-table.ts";
import { RelayError } from "./errors.ts";
import { log } from "./log.ts";
import { callDoorForJson } from "./upstream.ts";
import { showSchema, tagsSchema, type ShownModel, type TaggedModel } from "./wire/ollama-models.ts";

/** A model a caller may use, as GET /api/models lists it. */
export interface Model {
  readonly name: string;
  /** Bytes on disk. */
  readonly size: number;
  readonly family: string;
  readonly parameters: string;
  readonly quantisation: string;
  /** Tokens; absent when Ollama does not tell. */
  readonly contextLength?: number;
  readonly capabilities: readonly string[];
  /**
   * Whether this Ollama counts a conversation and refuses one that is too long for the context; one of 2025, which
   * lists no capabilities either, drops its beginning without a word (WIRE.md).
   */
  readonly countsContext: boolean;
}

/** For the list and what is asked about each model on it. */
const TIMEOUT_MS = 30_000;
const AT_ONCE = 4;
const MODEL_ERRORS: ReadonlySet<ErrorCode> = new Set(["ollama_failed", "model_not_found"]);

/** A model as Ollama lists it, and as we do. */
export interface Entry {
  readonly tagged: TaggedModel;
  readonly model: Model;
}

/** What /api/show said of a digest: it does not change. */
const shown = new Map<string, ShownModel>();

/**
 * Asks Ollama for its models, smallest first, and for what it does not tell of those that are wanted.
 * Throws RelayError when the chain is broken.
 */
export async function askCatalogue(
  config: Config,
  isWanted: (model: TaggedModel) => boolean,
  asker: AbortSignal,
): Promise<readonly Entry[]> {
  const signal = AbortSignal.any([asker, AbortSignal.timeout(TIMEOUT_MS)]);
  const tags = tagsSchema.safeParse(
    await callDoorForJson(config, { method: "GET", path: "/api/tags", signal }),
  );
  if (!tags.success) throw new RelayError("door_not_ours", { cause: tags.error });
  const entries = await describeAll(config, tags.data.models.filter(isWanted), signal);
  return entries.toSorted(
    ({ model: left }, { model: right }) =>
      left.size - right.size || left.name.localeCompare(right.name),
  );
}

/** A few at a time: an older Ollama is asked once for each. */
async function describeAll(
  config: Config,
  tagged: readonly TaggedModel[],
  signal: AbortSignal,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let from = 0; from < tagged.length; from += AT_ONCE) {
    const few = tagged.slice(from, from + AT_ONCE);
    const described = await Promise.all(few.map((model) => describeOrSkip(config, model, signal)));
    entries.push(...described.filter((entry) => entry !== undefined));
  }
  return entries;
}

/** One broken model, or one deleted a moment ago, does not take the others down; a broken link does. */
async function describeOrSkip(
  config: Config,
  tagged: TaggedModel,
  signal: AbortSignal,
): Promise<Entry | undefined> {
  try {
    return { tagged, model: await describe(config, tagged, signal) };
  } catch (thrown) {
    const own = thrown instanceof RelayError && MODEL_ERRORS.has(thrown.code);
    if (!own) throw thrown;
    log.warn(
      { model: tagged.name, code: thrown.code },
      "a model is left out: Ollama cannot show it",
    );
    return undefined;
  }
}

async function describe(config: Config, tagged: TaggedModel, signal: AbortSignal): Promise<Model> {
  const { name, size, details } = tagged;
  const countsContext = tagged.capabilities !== undefined;
  let { capabilities } = tagged;
  let contextLength = details.context_length;
  if (capabilities === undefined) {
    const asked = await show(config, tagged, signal);
    capabilities = asked.capabilities;
    contextLength ??= asked.contextLength;
  }
  return {
    name,
    size,
    family: details.family,
    parameters: details.parameter_size,
    quantisation: details.quantization_level,
    ...(contextLength === undefined ? {} : { contextLength }),
    capabilities,
    countsContext,
  };
}

async function show(config: Config, model: TaggedModel, signal: AbortSignal): Promise<ShownModel> {
  const known = shown.get(model.digest);
  if (known !== undefined) return known;
  const body = JSON.stringify({ model: model.name });
  const answer = showSchema.safeParse(
    await callDoorForJson(config, { method: "POST", path: "/api/show", body, signal }),
  );
  if (!answer.success) throw new RelayError("ollama_failed", { cause: answer.error });
  if (model.digest !== "") shown.set(model.digest, answer.data);
  return answer.data;
}
