import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Household } from "./household.ts";
import { lastLines } from "./log-tail.ts";
import { Problem } from "./problem.ts";
import { hashSources } from "./source-hash.ts";

export interface BuildPlace {
  /** The clone's folder. */
  readonly root: string;
  /** The state folder, for the log. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Next's own program, run by Node directly: one process less between it and its signals. */
export const nextProgram = (root: string): string => join(root, "node_modules/next/dist/bin/next");

function isBuilt(stamp: string, hash: string): boolean {
  // Next writes BUILD_ID last.
  const isWhole = existsSync(join(stamp, "..", "BUILD_ID")) && existsSync(stamp);
  return isWhole && readFileSync(stamp, "utf8") === hash;
}

/**
 * Makes the production build, unless the one that is there was made from the same sources.
 *
 * @returns whether it had to be made
 * @throws Problem with the last lines of the build
 */
export async function buildApp(household: Household, place: BuildPlace): Promise<boolean> {
  const { root, home, env } = place;
  const stamp = join(root, ".next", "latchkey-sources");
  const hash = await hashSources(root);
  if (isBuilt(stamp, hash)) return false;
  rmSync(stamp, { force: true });
  const logFile = join(home, "build.log");
  writeFileSync(logFile, "", { mode: 0o600 });
  const member = await household.start({
    name: "The build",
    command: process.execPath,
    args: [nextProgram(root), "build"],
    env,
    cwd: root,
    logFile,
  });
  const { code } = await member.ended;
  await household.end(member);
  if (code !== 0) {
    throw new Problem(
      "The app could not be built.",
      `All of it: ${logFile}`,
      lastLines(logFile, 16),
    );
  }
  writeFileSync(stamp, hash);
  return true;
}
