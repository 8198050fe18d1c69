import { mkdtempSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Program } from "../../../gateway/up/household.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

/**
 * A program that starts a grandchild and notes both process ids; deaf, it does not end when asked,
 * and neither does its grandchild.
 */
const PARENT = `
const { spawn } = require("node:child_process");
const { appendFileSync } = require("node:fs");
const [folder, deaf] = process.argv.slice(1);
const keep = "setInterval(() => undefined, 1000);" + (deaf ? "process.on('SIGTERM', () => undefined);" : "");
const child = spawn(process.execPath, ["-e", keep]);
if (deaf) process.on("SIGTERM", () => undefined);
setInterval(() => undefined, 1000);
child.once("spawn", () => appendFileSync(folder + "/family", process.pid + " " + child.pid + "\\n"));
`;

export interface Family {
  readonly home: string;
  readonly program: Program;
  /** Process ids of parent and grandchild of each start so far. */
  generations(): Promise<readonly (readonly number[])[]>;
}

/** Whether a process is there, one that has ended and was not yet asked how left out. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (stat !== undefined) return !/\) Z /.test(stat);
  if (process.platform === "linux") return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A state folder and a program with a grandchild to run in it. */
export async function makeFamily(isDeaf = false): Promise<Family> {
  const home = mkdtempSync(join(tmpdir(), "latchkey-family-"));
  await writeFile(join(home, "family"), "");
  const generations = async (): Promise<readonly (readonly number[])[]> => {
    const lines = (await readFile(join(home, "family"), "utf8")).trim().split("\n");
    return lines.filter((line) => line !== "").map((line) => line.split(" ").map(Number));
  };
  const program = {
    name: "The parent",
    command: process.execPath,
    args: ["-e", PARENT, home, ...(isDeaf ? ["deaf"] : [])],
    env: { PATH: process.env["PATH"] ?? "" },
    cwd: home,
    logFile: join(home, "parent.log"),
  };
  return { home, program, generations };
}

/** Waits until it has started for the n-th time, and tells the process ids. */
export function generation(family: Family, number: number): Promise<readonly number[]> {
  return waitUntil(`start number ${number}`, async () => (await family.generations())[number - 1]);
}
