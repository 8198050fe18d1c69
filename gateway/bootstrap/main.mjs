import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChild } from "./children.mjs";
import { describeDropped } from "./dropped.mjs";
import { installPackages } from "./install.mjs";
import { findNode } from "./node.mjs";
import { answerAtOnce } from "./stages.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Windows spells it Path, and a second spelling beside it would be ignored or win by chance. */
function withPath(folders) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  return { ...process.env, [name]: [...folders, process.env[name] ?? ""].join(delimiter) };
}

/** The `up` that runs from this clone, by the note it keeps while it starts and runs. */
function findRunning() {
  const home = process.env.LATCHKEY_HOME || join(ROOT, ".latchkey");
  try {
    const { pid } = JSON.parse(readFileSync(join(home, "processes.json"), "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch {
    // No note, or nobody behind it: nothing runs.
    return undefined;
  }
}

/** Commands for those who work on Latchkey itself: they need every package, and are scripts of their own. */
const WORKSHOP = new Map([
  ["test", "tests/run.ts"],
  ["bench", "bench/run.ts"],
  ["bench-ui", "bench/ui/run.ts"],
  ["build-home", "tools/build-home.ts"],
]);

/** What must be installed for a command; undefined: nothing, where a Node to run it with is there. */
function needOf(args) {
  const [command = ""] = args;
  if (WORKSHOP.has(command)) {
    return "all";
  }
  const isLight = ["", "stop", "access", "connect"].includes(command) || args.includes("--help");
  const isSecondUp = command === "up" && findRunning() !== undefined;
  return (isLight || isSecondUp) && findNode(ROOT) !== undefined ? undefined : "run";
}

/**
 * What can be answered before anything is installed.
 *
 * @param {readonly string[]} args
 * @returns {number | undefined} the exit code, the answer said; undefined: go on
 */
function answerEarly([command, ...rest]) {
  const dropped = describeDropped(process.env);
  const answer =
    dropped !== undefined
      ? { code: 2, text: dropped }
      : command === "test"
        ? answerAtOnce(rest)
        : undefined;
  if (answer === undefined) {
    return undefined;
  }
  (answer.code === 0 ? console.log : console.error)(answer.text);
  return answer.code;
}

/**
 * Brings in Node 24 and the packages where they are missing, then runs the command with them.
 *
 * @param {string[]} args what stands after `latchkey`
 * @returns {Promise<number>} the exit code
 */
export async function main(args) {
  const startedAt = Date.now();
  const early = answerEarly(args);
  if (early !== undefined) {
    return early;
  }
  const need = needOf(args);
  const failed = need === undefined ? 0 : await installPackages(ROOT, need, findRunning);
  if (failed !== 0) {
    return failed;
  }
  const node = findNode(ROOT);
  if (node === undefined) {
    console.error(`✗ Latchkey runs on Node 24; this is Node ${process.versions.node}.`);
    console.error("  Install Node 24 from https://nodejs.org and run the command again.");
    return 1;
  }
  const [command = "", ...rest] = args;
  const own = WORKSHOP.get(command);
  const [file, ...scriptArgs] = own === undefined ? ["gateway/cli.ts", ...args] : [own, ...rest];
  const { code } = await runChild(node, [join(ROOT, file), ...scriptArgs], {
    // The fourth is a line to this process: when it breaks, `up` knows that its parent is gone.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: {
      ...withPath([dirname(node), join(ROOT, "node_modules", ".bin")]),
      NEXT_TELEMETRY_DISABLED: "1",
      VERCEL_TELEMETRY_DISABLED: "1",
      LATCHKEY_STARTED_AT: String(startedAt),
    },
  });
  return code;
}
