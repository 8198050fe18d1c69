import { models, parts } from "./parts.ts";
import { serveOllama, type OllamaServer, type OllamaServerOptions } from "./ollama-server.ts";

/**
 * A real Ollama with the scripted models (answer, think, tools, json, endless, embed; see
 * tests/fixtures/engine). Everything it starts ends with `close()`.
 *
 * @throws Error when the provisioner found no Ollama: guard the tests with `parts.ollama`
 */
export function startOllama(
  options: Omit<OllamaServerOptions, "binary" | "models"> = {},
): Promise<OllamaServer> {
  if (parts.ollama === undefined || models === undefined) {
    throw new Error("There is no Ollama here: CI=true npm test -- provision brings one in.");
  }
  return serveOllama({ ...options, binary: parts.ollama, models });
}
