import { homedir } from "node:os";
import { startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import { waitUntil } from "./wait-until.ts";

export interface OllamaServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  log(): string;
  close(): Promise<void>;
}

export interface OllamaServerOptions {
  readonly binary: string;
  /** The OLLAMA_MODELS folder. */
  readonly models: string;
  /** Requests that one loaded model serves at a time; 1 is Ollama's own default. */
  readonly parallel?: number | undefined;
  readonly port?: number | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/**
 * A real Ollama on a port of its own. Nothing of the caller's environment reaches it but PATH and
 * HOME: OLLAMA_API_KEY is also Ollama's own variable for its cloud, and must never arrive there.
 *
 * @throws Error with Ollama's log when it does not answer
 */
export async function serveOllama(options: OllamaServerOptions): Promise<OllamaServer> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = await startChild([options.binary, "serve"], {
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: homedir(),
      OLLAMA_HOST: `127.0.0.1:${port}`,
      OLLAMA_MODELS: options.models,
      OLLAMA_NUM_PARALLEL: String(options.parallel ?? 1),
      OLLAMA_KEEP_ALIVE: "30m",
      OLLAMA_NO_CLOUD: "1",
      OLLAMA_NOPRUNE: "1",
      ...options.env,
    },
  });
  try {
    await waitUntil("Ollama to answer", async () => !child.ended() && (await answers(url)), {
      timeoutMs: 30_000,
    });
  } catch (error) {
    await child.close();
    throw new Error(`Ollama did not start:\n${child.log()}`, { cause: error });
  }
  return { url, port, pid: child.pid, log: child.log, close: child.close };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/version`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
