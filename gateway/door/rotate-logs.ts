/** Puts the logs aside of a server that does not do so by itself. */
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { GatewaySpec } from "../spec/spec.ts";
import { hasErrorCode } from "../system-error.ts";
import type { DoorProgram, Environment } from "./program.ts";

const MEBIBYTE = 1_048_576;

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return 0;
    throw error;
  }
}

/** `access-2026-01-31T12-00-00.000Z.log`: by name is by age, and no system forbids it. */
function asideName(file: string, now: Date): string {
  return file.replace(/\.log$/, `-${now.toISOString().replaceAll(":", "-")}.log`);
}

async function dropOldest(directory: string, file: string, keep: number): Promise<void> {
  const stem = file.replace(/\.log$/, "-");
  const aside = (await readdir(directory)).filter(
    (name) => name.startsWith(stem) && /-\d{4}-\d\d-\d\dT[\d.-]+Z\.log$/.test(name),
  );
  for (const name of aside.toSorted().slice(0, -keep)) await rm(join(directory, name));
}

/**
 * Puts each log aside that has reached its size, and drops the oldest of those.
 *
 * @returns the names of those that were put aside now
 * @throws Error when the server cannot be told
 */
export async function rotateLogs(
  directory: string,
  program: Pick<DoorProgram, "files" | "reopenLogs">,
  {
    logs,
    env,
    now = new Date(),
  }: {
    readonly logs: GatewaySpec["logs"];
    readonly env: Environment;
    readonly now?: Date;
  },
): Promise<readonly string[]> {
  const { reopenLogs, files } = program;
  if (reopenLogs === undefined) return [];
  const full: string[] = [];
  for (const file of [files.accessLog, files.doorLog]) {
    if ((await sizeOf(join(directory, file))) >= logs.megabytes * MEBIBYTE) full.push(file);
  }
  if (full.length === 0) return [];
  for (const file of full)
    await rename(join(directory, file), join(directory, asideName(file, now)));
  await reopenLogs(directory, env);
  for (const file of full) await dropOldest(directory, file, logs.keep);
  return full;
}
