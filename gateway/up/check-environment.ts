import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { Problem } from "./problem.ts";

const run = promisify(execFile);

const problemsSchema = z.array(z.object({ name: z.string(), wants: z.string() }));

/** Run in a process of its own, since the web half is no part of this program. */
const ASK = `
  const { readConfigProblems } = await import(process.argv[1]);
  console.log(JSON.stringify(readConfigProblems()));
`;

/**
 * Lets the app check its environment by its own rules before anything is started.
 *
 * @throws Problem that names each variable and what it wants, never a value
 */
export async function checkEnvironment(
  root: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const config = pathToFileURL(join(root, "lib", "config.ts")).href;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", ASK, config], {
    cwd: root,
    env: { ...env, NODE_ENV: "production" },
    windowsHide: true,
  });
  const problems = problemsSchema.parse(JSON.parse(stdout));
  if (problems.length === 0) return;
  const wants = problems.map(({ name, wants: want }) => `${name} wants ${want}`);
  throw new Problem(
    `The environment is not right: ${wants.join("; ")}.`,
    "Correct it or leave it out, and run this again.",
  );
}
