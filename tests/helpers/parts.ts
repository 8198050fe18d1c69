import { existsSync, readFileSync } from "node:fs";
import { foundSchema, PART_NAMES, type Found, type PartName } from "../provision/found.ts";
import { PARTS_FILE } from "../provision/paths.ts";

/** What the provisioner wrote; nothing at all where it has not run yet. */
function readFound(): Found {
  if (!existsSync(PARTS_FILE)) {
    return { parts: {}, missing: [] };
  }
  return foundSchema.parse(JSON.parse(readFileSync(PARTS_FILE, "utf8")));
}

function existingParts(found: Found): Readonly<Record<PartName, string | undefined>> {
  const path = (name: PartName): string | undefined => {
    const candidate = found.parts[name];
    return candidate !== undefined && existsSync(candidate) ? candidate : undefined;
  };
  return {
    caddy: path("caddy"),
    caddyCurrent: path("caddyCurrent"),
    nginx: path("nginx"),
    redis: path("redis"),
    chromium: path("chromium"),
    ollama: path("ollama"),
  };
}

const found = readFound();

/**
 * Absolute paths of the programs the tests use, undefined for one that is not there; its tests say
 * `describe.skipIf(parts.caddy === undefined)`.
 */
export const parts = existingParts(found);

/** The OLLAMA_MODELS folder of the scripted models. */
export const models = found.models;

const missing = PART_NAMES.filter((name) => parts[name] === undefined);
if (process.env["CI"] === "true" && missing.length > 0) {
  throw new Error(`With CI=true nothing may be missing: ${missing.join(", ")}. Run npm test.`);
}
