import { ROUTES } from "../../lib/contract.ts";
import { appFailed, problemOfBody, problemOfFailedFetch, type Problem } from "../chats/problem.ts";

/** A model of GET /api/models. What the app does not tell is absent. */
export interface ListedModel {
  readonly name: string;
  /** Bytes on disk. */
  readonly size?: number;
  readonly family?: string;
  /** How many, as Ollama writes it: `8.2B`. */
  readonly parameters?: string;
  readonly quantisation?: string;
  /** Tokens. */
  readonly contextLength?: number;
  readonly loaded: boolean;
  /** Tokens it was loaded with: what fits now. */
  readonly loadedContextLength?: number;
  /** When it leaves memory if nobody asks it anything: milliseconds since 1970, by the clock at home. */
  readonly expiresAt?: number;
  /** Empty: an older Ollama does not tell. */
  readonly capabilities: readonly string[];
}

export type ModelList =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly problem: Problem }
  | {
      readonly state: "ready";
      readonly models: readonly ListedModel[];
      /** Absent where no model can chat. */
      readonly preferred?: string;
      /** Why it could not be asked again: what stands here may be old. */
      readonly problem?: Problem;
    };

/** Asks the app which models this caller may use; never rejects. */
export async function fetchModels(): Promise<ModelList> {
  try {
    const response = await fetch(ROUTES.models);
    const body = await response.text();
    return response.ok ? readModels(body) : { state: "failed", problem: problemOfBody(body) };
  } catch {
    return { state: "failed", problem: problemOfFailedFetch(navigator.onLine) };
  }
}

/** A list that was there stays in use when asking again fails. */
export function keepList(before: ModelList, next: ModelList): ModelList {
  if (next.state !== "failed" || before.state !== "ready") return next;
  return { ...before, problem: next.problem };
}

/** Reads the document of GET /api/models; models that cannot chat are left out. */
export function readModels(body: string): ModelList {
  const document = parseDocument(body);
  if (document === undefined || !Array.isArray(document["models"])) {
    return { state: "failed", problem: appFailed() };
  }
  const listed: unknown[] = document["models"];
  const models = listed.flatMap((each) => readModel(each)).filter((model) => canChat(model));
  const preferred = document["default"];
  return { state: "ready", models, ...(typeof preferred === "string" ? { preferred } : {}) };
}

function readModel(value: unknown): ListedModel[] {
  if (typeof value !== "object" || value === null) return [];
  const fields: Record<string, unknown> = { ...value };
  const { name, size, contextLength, loadedContextLength, loaded, capabilities, expiresAt } =
    fields;
  if (typeof name !== "string") return [];
  const expiry = typeof expiresAt === "string" ? Date.parse(expiresAt) : Number.NaN;
  return [
    {
      name,
      ...(isCount(size) ? { size } : {}),
      ...readTexts(fields),
      ...(isCount(contextLength) ? { contextLength } : {}),
      loaded: loaded === true,
      ...(isCount(loadedContextLength) ? { loadedContextLength } : {}),
      ...(Number.isNaN(expiry) ? {} : { expiresAt: expiry }),
      capabilities: Array.isArray(capabilities)
        ? capabilities.filter((each) => typeof each === "string")
        : [],
    },
  ];
}

function readTexts({ family, parameters, quantisation }: Record<string, unknown>) {
  return {
    ...(isText(family) ? { family } : {}),
    ...(isText(parameters) ? { parameters } : {}),
    ...(isText(quantisation) && quantisation !== "unknown" ? { quantisation } : {}),
  };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && value > 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** An older Ollama does not tell what a model can; then it may try. */
function canChat({ capabilities }: ListedModel): boolean {
  return capabilities.length === 0 || capabilities.includes("completion");
}

function parseDocument(body: string): Record<string, unknown> | undefined {
  try {
    const document: unknown = JSON.parse(body);
    return typeof document === "object" && document !== null ? { ...document } : undefined;
  } catch {
    return undefined;
  }
}
