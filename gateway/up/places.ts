import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The clone's folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The state folder: `.latchkey/` in the clone, or what LATCHKEY_HOME names (the tests' own). */
export function stateFolder(): string {
  const named = process.env["LATCHKEY_HOME"];
  return resolve(ROOT, named === undefined || named === "" ? ".latchkey" : named);
}
