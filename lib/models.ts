import { ROLES, type Role } from "./access-keys.ts";
import { askCatalogue, type Entry, type Model } from "./catalogue.ts";
import type { Config } from "./config.ts";
import { RelayError } from "./errors.ts";
import { perConfig } from "./per-config.ts";
import { SharedQuestion } from "./shared-question.ts";
import { callDoorForJson } from "./upstream.ts";
import {
  isCloud,
  loadedSchema,
  withTag,
  type LoadedModel,
  type TaggedModel,
} from "./wire/ollama-models.ts";

const FRESH_MS = 10_000;

interface Catalogue {
  readonly entries: readonly Entry[];
  readonly at: number;
}

const catalogues = new WeakMap<Config, Catalogue>();

const catalogueQuestion = perConfig(
  (config) => new SharedQuestion((signal) => askForModels(config, signal)),
);

const loadedQuestion = perConfig(
  (config) => new SharedQuestion((signal) => askForLoaded(config, signal)),
);

/**
 * The models that a role may use, smallest first; asked again when older than ten seconds, or when `fresh`
 * is set. Throws RelayError when the chain is broken, or the signal's reason.
 */
export async function listModels(
  config: Config,
  role: Role,
  signal: AbortSignal,
  fresh = false,
): Promise<readonly Model[]> {
  const known = catalogues.get(config);
  const isFresh = !fresh && known !== undefined && performance.now() - known.at < FRESH_MS;
  const { entries } = isFresh ? known : await catalogueQuestion(config).ask(signal);
  const patterns = config.roles[role].allowedModels;
  return entries.flatMap(({ tagged, model }) => (isAllowed(tagged, patterns) ? [model] : []));
}

async function askForModels(config: Config, signal: AbortSignal): Promise<Catalogue> {
  const isWanted = (model: TaggedModel) =>
    ROLES.some((role) => isAllowed(model, config.roles[role].allowedModels));
  const entries = await askCatalogue(config, isWanted, signal);
  const catalogue = { entries, at: performance.now() };
  catalogues.set(config, catalogue);
  return catalogue;
}

/** What is in the GPU's memory now. */
export function listLoaded(config: Config, signal: AbortSignal): Promise<readonly LoadedModel[]> {
  return loadedQuestion(config).ask(signal);
}

async function askForLoaded(config: Config, signal: AbortSignal): Promise<readonly LoadedModel[]> {
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
  role: Role,
  name: string | undefined,
  signal: AbortSignal,
): Promise<Model> {
  const models = await listModels(config, role, signal);
  const chosen =
    pick(models, config, name) ?? pick(await listModels(config, role, signal, true), config, name);
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

/** Whether a role with these patterns may use a model; a cloud model only by its full name. */
function isAllowed(model: TaggedModel, patterns: readonly string[] | undefined): boolean {
  if (patterns === undefined) return !isCloud(model);
  return patterns.some((pattern) => {
    if (!pattern.endsWith("*")) return withTag(pattern) === model.name;
    return !isCloud(model) && model.name.startsWith(pattern.slice(0, -1));
  });
}
