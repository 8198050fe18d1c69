import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { provisionCaddyCurrent } from "./caddy-current.ts";
import type { Found } from "./found.ts";
import { provisionModels } from "./models.ts";
import { provisionOllama } from "./ollama.ts";
import { PARTS_FILE } from "./paths.ts";
import { provisionSystem } from "./system.ts";

async function addCaddyCurrent(found: Found, say: (line: string) => void): Promise<void> {
  const caddy = await provisionCaddyCurrent(say);
  if ("reason" in caddy) {
    found.missing.push({ name: "caddyCurrent", reason: caddy.reason });
    return;
  }
  found.parts.caddyCurrent = caddy.path;
}

async function addOllama(found: Found, say: (line: string) => void): Promise<void> {
  const ollama = await provisionOllama(say);
  if ("reason" in ollama) {
    found.missing.push({ name: "ollama", reason: ollama.reason });
    return;
  }
  try {
    found.models = await provisionModels(ollama.path, say);
    found.parts.ollama = ollama.path;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    found.missing.push({ name: "ollama", reason });
  }
}

/**
 * Finds or brings in every program the tests use, and writes down where they are for
 * tests/helpers/parts.ts. `say` gets a line for each thing that takes a while.
 */
export async function provision(say: (line: string) => void): Promise<Found> {
  const found = await provisionSystem(say);
  await addCaddyCurrent(found, say);
  await addOllama(found, say);
  await mkdir(dirname(PARTS_FILE), { recursive: true });
  await writeFile(PARTS_FILE, `${JSON.stringify(found, null, 2)}\n`);
  return found;
}
