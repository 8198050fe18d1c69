import type { Config } from "./config.ts";
import { RelayError, type ErrorCode } from "./errors.ts";
import { log } from "./log.ts";
import { callDoorForJson } from "./upstream.ts";
import {
  isCloud,
  loadedSchema,
  showSchema,
  tagsSchema,
  withTag,
  type LoadedModel,
  type ShownModel,
  type TaggedModel,
} from "./wire/ollama-models.ts";

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
}

const FRESH_MS = 10_000;
const AT_ONCE = 4;
const MODEL_ERRORS: ReadonlySet<ErrorCode> = new Set(["ollama_failed", "model_not_found"]);

interface Catalogue {
  readonly models: readonly Model[];
  readonly at: number;
}

const catalogues = new WeakMap<Config, Catalogue>();
/** What /api/show said of a digest: it does not change. */
const shown = new Map<string, ShownModel>();

/**
 * The allowed models, smallest first; asked again when older than ten seconds, or when `fresh` is set.
 * Throws RelayError when the chain is broken.
 */
export async function listModels(
  config: Config,
  signal: AbortSignal,
  fresh = false,
): Promise<readonly Model[]> {
  const known = catalogues.get(config);
  if (!fresh && known !== undefined && performance.now() - known.at < FRESH_MS) return known.models;
  const tags = tagsSchema.safeParse(
    await callDoorForJson(config, { method: "GET", path: "/api/tags", signal }),
  );
  if (!tags.success) throw new RelayError("door_not_ours", { cause: tags.error });
  const allowed = tags.data.models.filter((model) => isAllowed(model, config.allowedModels));
  const models = await describeAll(config, allowed, signal);
  models.sort((left, right) => left.size - right.size || left.name.localeCompare(right.name));
  catalogues.set(config, { models, at: performance.now() });
  return models;
}

/** What is in the GPU's memory now. */
export async function listLoaded(
  config: Config,
  signal: AbortSignal,
): Promise<readonly LoadedModel[]> {
  const answer = await callDoorForJson(config, { method: "GET", path: "/api/ps", signal });
  return loadedSchema.safeParse(answer).data?.models ?? [];
}

/**
 * The allowed model of this name, or the default one when the name is undefined.
 * A model that is not in the kept list may be new: the list is asked for once more before it is refused.
 * Throws RelayError `model_not_found`.
 */
export async function chooseModel(
  config: Config,
  name: string | undefined,
  signal: AbortSignal,
): Promise<Model> {
  const models = await listModels(config, signal);
  const chosen =
    pick(models, config, name) ?? pick(await listModels(config, signal, true), config, name);
  if (chosen === undefined) throw new RelayError("model_not_found");
  return chosen;
}

/** The default model's name, if there is one. */
export function defaultModel(models: readonly Model[], config: Config): string | undefined {
  return pick(models, config, undefined)?.name;
}

function pick(
  models: readonly Model[],
  config: Config,
  name: string | undefined,
): Model | undefined {
  const wanted = name ?? config.defaultModel;
  if (wanted !== undefined) return models.find((model) => model.name === withTag(wanted));
  return models.find((model) => model.capabilities.includes("completion"));
}

function isAllowed(model: TaggedModel, patterns: readonly string[] | undefined): boolean {
  if (patterns === undefined) return !isCloud(model);
  return patterns.some((pattern) => {
    if (!pattern.endsWith("*")) return withTag(pattern) === model.name;
    return !isCloud(model) && model.name.startsWith(pattern.slice(0, -1));
  });
}

/** A few at a time: an older Ollama is asked once for each. */
async function describeAll(
  config: Config,
  tagged: readonly TaggedModel[],
  signal: AbortSignal,
): Promise<Model[]> {
  const models: Model[] = [];
  for (let from = 0; from < tagged.length; from += AT_ONCE) {
    const few = tagged.slice(from, from + AT_ONCE);
    const described = await Promise.all(few.map((model) => describeOrSkip(config, model, signal)));
    models.push(...described.filter((model) => model !== undefined));
  }
  return models;
}

/** One broken model, or one deleted a moment ago, does not take the others down; a broken link does. */
async function describeOrSkip(
  config: Config,
  tagged: TaggedModel,
  signal: AbortSignal,
): Promise<Model | undefined> {
  try {
    return await describe(config, tagged, signal);
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
