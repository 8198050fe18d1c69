import { resolve } from "node:path";
import { PROGRAM_FOLDER } from "../one-file.ts";

/** The clone's folder; that of the one file where it runs without a clone. */
export const ROOT = PROGRAM_FOLDER;

/** The state folder: `.latchkey/` in the clone, or what LATCHKEY_HOME names (the tests' own). */
export function stateFolder(): string {
  const named = process.env["LATCHKEY_HOME"];
  return resolve(ROOT, named === undefined || named === "" ? ".latchkey" : named);
}
