import { pathToFileURL } from "node:url";
import { accessAddCommand, accessListCommand, accessRemoveCommand } from "./commands/access.ts";
import { type Command, UsageError } from "./commands/command.ts";
import { connectCommand } from "./commands/connect.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { helpFor, helpForAll } from "./commands/help.ts";
import {
  keysAddCommand,
  keysListCommand,
  keysRevokeCommand,
  keysRotateCommand,
} from "./commands/keys.ts";
import { renderCommand } from "./commands/render.ts";
import { initCommand } from "./commands/init.ts";
import { stopCommand } from "./commands/stop.ts";
import { upCommand } from "./commands/up.ts";
import { verifyCommand } from "./commands/verify.ts";
import { IS_ONE_FILE, NEEDS_CLONE } from "./one-file.ts";
import { Problem } from "./up/problem.ts";

/** Every command there is; help and hints are made from this list. */
export const COMMANDS: readonly Command[] = [
  upCommand,
  initCommand,
  stopCommand,
  renderCommand,
  keysAddCommand,
  keysListCommand,
  keysRotateCommand,
  keysRevokeCommand,
  accessAddCommand,
  accessListCommand,
  accessRemoveCommand,
  verifyCommand,
  doctorCommand,
  connectCommand,
];

const isHelp = (arg: string): boolean => arg === "--help" || arg === "-h";

const wordsOf = ({ name }: Command): readonly string[] => name.split(" ");

function misused(sentence: string, hint: string): number {
  console.error(sentence);
  console.error(`What there is: npm run latchkey -- ${hint}`);
  return 2;
}

/** What is typed is the first word of several commands, or of none. */
function askForMore(name: string, args: readonly string[]): number {
  const family = COMMANDS.filter((command) => command.name.startsWith(`${name} `));
  if (family.length === 0) return misused(`There is no command "${name}".`, "--help");
  if (args.some(isHelp)) {
    console.log(helpForAll(family));
    return 0;
  }
  const next = family.map((command) => wordsOf(command).at(-1)).join(", ");
  return misused(`After "${name}" stands one of ${next}.`, `${name} --help`);
}

async function run(command: Command, args: readonly string[]): Promise<number> {
  if (args.some(isHelp)) {
    console.log(helpFor(command));
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) return misused(error.message, `${command.name} --help`);
    console.error(error instanceof Error ? error.message : error);
    if (error instanceof Problem) console.error(error.fix);
    return 1;
  }
}

/**
 * Does what the arguments say.
 *
 * @returns the exit code: 0 all well, 1 something found or failed, 2 wrong usage
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name] = args;
  if (name === undefined || name === "help" || isHelp(name)) {
    console.log(helpForAll(IS_ONE_FILE ? COMMANDS.filter((one) => one !== upCommand) : COMMANDS));
    return 0;
  }
  if (IS_ONE_FILE && name === upCommand.name) {
    console.error(`"${name}" ${NEEDS_CLONE}`);
    return 1;
  }
  const command = COMMANDS.find((one) => wordsOf(one).every((word, index) => word === args[index]));
  if (command === undefined) return askForMore(name, args);
  return run(command, args.slice(wordsOf(command).length));
}

/** Processes of this program's own, which it starts itself: no help tells of them. */
const PARTS = new Map<string | undefined, () => Promise<unknown>>([
  ["--part=demo-engine", () => import("./demo/main.ts")],
  ["--part=door", () => import("./door/watcher.ts")],
  ["--part=sentinel", () => import("./up/sentinel.ts")],
]);

if (IS_ONE_FILE || import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const part = PARTS.get(process.argv[2]);
  if (part === undefined) {
    process.exitCode = await main(process.argv.slice(2));
  } else {
    // The part reads its own arguments where a program of its own has them.
    process.argv.splice(2, 1);
    await part();
  }
}
