import { pathToFileURL } from "node:url";
import { type Command, UsageError } from "./commands/command.ts";
import { helpFor, helpForAll } from "./commands/help.ts";
import { stopCommand } from "./commands/stop.ts";
import { upCommand } from "./commands/up.ts";

/** Every command there is; help and hints are made from this list. */
export const COMMANDS: readonly Command[] = [upCommand, stopCommand];

const isHelp = (arg: string): boolean => arg === "--help" || arg === "-h";

function misused(sentence: string, hint: string): number {
  console.error(sentence);
  console.error(`What there is: ${hint}`);
  return 2;
}

/**
 * Does what the arguments say.
 *
 * @returns the exit code: 0 all well, 1 something found or failed, 2 wrong usage
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || isHelp(name)) {
    console.log(helpForAll(COMMANDS));
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    return misused(`There is no command "${name}".`, "npm run latchkey -- --help");
  }
  if (rest.some(isHelp)) {
    console.log(helpFor(command));
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      return misused(error.message, `npm run latchkey -- ${command.name} --help`);
    }
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.exitCode = await main(process.argv.slice(2));
}
