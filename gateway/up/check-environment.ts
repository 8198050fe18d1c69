import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { decodeAccessList } from "../access/entries.ts";
import { Problem } from "./problem.ts";

const run = promisify(execFile);

const problemsSchema = z.array(z.object({ name: z.string(), wants: z.string() }));

/** Run in a process of its own, since the web half is no part of this program. */
const ASK = `
  const { readConfigProblems } = await import(process.argv[1]);
  console.log(JSON.stringify(readConfigProblems()));
`;

/**
 * Which entry of the person's own ACCESS_KEYS is none. The app counts them behind the ones of this computer, which
 * the person does not see.
 */
function badEntry(found: string): string | undefined {
  const entries = found.split(",").filter((entry) => entry.trim() !== "");
  const list = decodeAccessList(entries.join(","));
  if (!("badPlace" in list)) return undefined;
  const which = entries.length === 1 ? "yours" : `entry ${list.badPlace} of yours`;
  return `name:role:sha256hex[:expiry], a comma between; ${which} is not`;
}

/**
 * Lets the app check its environment by its own rules before anything is started.
 *
 * @param foundKeys ACCESS_KEYS as the person set it
 * @throws Problem that names each variable and what it wants, never a value
 */
export async function checkEnvironment(
  root: string,
  env: Readonly<Record<string, string>>,
  foundKeys = "",
): Promise<void> {
  const config = pathToFileURL(join(root, "lib", "config.ts")).href;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", ASK, config], {
    cwd: root,
    env: { ...env, NODE_ENV: "production" },
    windowsHide: true,
  });
  const problems = problemsSchema.parse(JSON.parse(stdout));
  if (problems.length === 0) return;
  const bad = badEntry(foundKeys);
  const wants = problems.map(
    ({ name, wants: want }) => `${name} wants ${name === "ACCESS_KEYS" ? (bad ?? want) : want}`,
  );
  throw new Problem(
    `The environment is not right: ${wants.join("; ")}.`,
    "Correct it or leave it out, and run this again.",
  );
}
