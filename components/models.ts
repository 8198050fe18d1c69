import { ROUTES } from "../lib/contract.ts";
import { problemOfBody, problemOfFailedFetch, appFailed, type Problem } from "./problem.ts";

/** What the picker needs of a model of GET /api/models. */
export interface ListedModel {
  readonly name: string;
  /** Bytes on disk. */
  readonly size?: number;
  readonly loaded: boolean;
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
  const { name, size, loaded, capabilities }: Record<string, unknown> = { ...value };
  if (typeof name !== "string") return [];
  return [
    {
      name,
      ...(typeof size === "number" && size > 0 ? { size } : {}),
      loaded: loaded === true,
      capabilities: Array.isArray(capabilities)
        ? capabilities.filter((each) => typeof each === "string")
        : [],
    },
  ];
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
