import { z } from "zod";
import { readLines } from "./lines.ts";
import { Problem } from "./problem.ts";

/** An Ollama that answers. */
export interface OllamaState {
  readonly version: string;
  /** The models on this machine that can chat, the smallest first. */
  readonly models: readonly string[];
}

const PROBE_MS = 2_000;

const versionSchema = z.object({ version: z.string() });
const tagsSchema = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        size: z.number().default(0),
        remote_host: z.string().optional(),
        capabilities: z.array(z.string()).optional(),
      }),
    )
    .nullable(),
});
const pullSchema = z.object({
  status: z.string().default(""),
  error: z.string().optional(),
  total: z.number().optional(),
  completed: z.number().optional(),
});

type Model = NonNullable<z.infer<typeof tagsSchema>["models"]>[number];

/** Cloud models run elsewhere, on the owner's account; embedding models cannot chat. */
function canChatHere(model: Model): boolean {
  const isCloud = model.remote_host !== undefined || /[-:]cloud$/.test(model.name);
  return !isCloud && (model.capabilities?.includes("completion") ?? true);
}

async function getJson(url: URL, path: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(new URL(path, url), {
    signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]),
    redirect: "error",
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

/**
 * Asks an Ollama for its version and models.
 *
 * @returns undefined when nobody answers there, or not as Ollama does
 */
export async function askOllama(url: URL, signal: AbortSignal): Promise<OllamaState | undefined> {
  try {
    const { version } = versionSchema.parse(await getJson(url, "/api/version", signal));
    const { models } = tagsSchema.parse(await getJson(url, "/api/tags", signal));
    const chatting = (models ?? []).filter(canChatHere).toSorted((one, two) => one.size - two.size);
    return { version, models: chatting.map(({ name }) => name) };
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

/**
 * Lets Ollama download a model (POST /api/pull, one JSON record a line: docs/api.md).
 *
 * @param onProgress bytes there and bytes in all of the layer that is coming, and Ollama's word for it
 * @throws Problem with Ollama's own reason
 */
export async function pullModel(
  url: URL,
  model: string,
  options: {
    readonly signal: AbortSignal;
    readonly onProgress: (status: string, completed: number, total: number) => void;
  },
): Promise<void> {
  const fail = (reason: string): Problem =>
    new Problem(`Ollama could not download ${model}: ${reason}`, `Try: ollama pull ${model}`);
  const response = await fetch(new URL("/api/pull", url), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ model }),
    signal: options.signal,
  });
  if (!response.ok || response.body === null) throw fail(`it answered ${response.status}`);
  let last = "";
  for await (const line of readLines(response.body)) {
    if (line.trim() === "") continue;
    const record = pullSchema.parse(JSON.parse(line));
    if (record.error !== undefined) throw fail(record.error);
    last = record.status;
    options.onProgress(record.status, record.completed ?? 0, record.total ?? 0);
  }
  if (last !== "success") throw fail("the download broke off");
}
