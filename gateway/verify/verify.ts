/** The command: finds out what to look at, looks, and tells. */
import { ALL_CHECKS, runAll } from "./run.ts";
import { reportText } from "./report.ts";
import { findWish, type VerifyOptions } from "./wish.ts";
import { columnsOf } from "../terminal.ts";
import { stateFolder } from "../up/places.ts";

export interface Manner {
  readonly isJson: boolean;
}

/**
 * Looks at a door and prints what it saw.
 *
 * @returns the exit code: 1 when something is wrong
 * @throws Problem when there is nothing to look at, or a key or file that was named is not there
 */
export async function verify(options: VerifyOptions, { isJson }: Manner): Promise<number> {
  const { env, stdout } = process;
  const wish = await findWish(options, stateFolder(), env);
  const checks = await runAll(wish, env);
  const url = wish.url.origin;
  if (isJson) console.log(JSON.stringify({ url, checks }));
  else {
    const isStyled = stdout.isTTY && (env["NO_COLOR"] ?? "") === "";
    const width = columnsOf(stdout);
    const titles = new Map(ALL_CHECKS.map(({ name, title }) => [name, title]));
    console.log(reportText(url, checks, { width, isStyled, titles }));
  }
  return checks.some(({ ok }) => ok === false) ? 1 : 0;
}
