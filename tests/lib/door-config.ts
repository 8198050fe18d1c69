import { randomBytes } from "node:crypto";
import { parseConfig, type Config } from "../../lib/config.ts";

export const DOOR_KEY = randomBytes(32).toString("hex");

/** A configuration for a door at this address. */
export function configFor(doorUrl: string, more: Readonly<Record<string, string>> = {}): Config {
  const parsed = parseConfig({
    OLLAMA_BASE_URL: doorUrl,
    OLLAMA_API_KEY: DOOR_KEY,
    PUBLIC_ACCESS: "true",
    ...more,
  });
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}
