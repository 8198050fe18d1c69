import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type GatewaySpec, parseSpec } from "../spec/spec.ts";
import { hasErrorCode } from "../system-error.ts";
import { Problem } from "../up/problem.ts";

/** The description of the door in a state folder. */
export const specFile = (home: string): string => join(home, "latchkey.json");

/**
 * Reads it; undefined where there is none yet.
 *
 * @throws Error that names each mistake in it, and Problem where it is no JSON
 */
export async function readSpecFile(home: string): Promise<GatewaySpec | undefined> {
  const path = specFile(home);
  try {
    return parseSpec(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    throw new Problem(`${path} is no JSON.`, "Correct it, or delete it and run init again.");
  }
}
