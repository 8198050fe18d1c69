import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { hasErrorCode } from "../system-error.ts";

/** Writes a file that only its owner may read, whole or not at all. */
export function writeStateFile(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** What such a file holds; undefined when there is none, or nothing that can be read as JSON. */
export function readStateFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const isMissing = hasErrorCode(error, "ENOENT");
    if (isMissing || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Removes such a file, if it is there. */
export function removeStateFile(path: string): void {
  rmSync(path, { force: true });
}

/** Whether the value is an object, whose fields may then be looked at. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
