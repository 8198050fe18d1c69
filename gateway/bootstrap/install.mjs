import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runChild } from "./children.mjs";
import { publicEnvironment } from "./environment.mjs";
import { withLock } from "./lock.mjs";
import { findNode } from "./node.mjs";
import { hasPackages, npmArguments } from "./packages.mjs";

const isWindows = process.platform === "win32";

/** npm as the person started it, so that no other npm on the machine is used by mistake. */
function npmCommand() {
  const started = process.env.npm_execpath ?? "";
  return basename(started) === "npm-cli.js"
    ? { command: process.execPath, first: [started], shell: false }
    : { command: "npm", first: [], shell: isWindows };
}

function startLine(text) {
  process.stdout.write(process.stdout.isTTY ? `  ${text} ...` : `  ${text}\n`);
}

function endLine(text) {
  process.stdout.write(`${process.stdout.isTTY ? "\r\u001B[K" : ""}${text}\n`);
}

function lastLines(path, count) {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.slice(-count).map((line) => `    ${line}`);
}

async function runNpm(root, need) {
  const log = join(root, ".latchkey", "install.log");
  const output = openSync(log, "w", 0o600);
  const { command, first, shell } = npmCommand();
  const started = Date.now();
  startLine(need === "all" ? "Installing packages and those of the tests" : "Installing packages");
  try {
    const { code, interrupted } = await runChild(command, [...first, ...npmArguments(root, need)], {
      cwd: root,
      env: publicEnvironment(process.env, { isDownloader: true }),
      shell,
      stdio: ["ignore", output, output],
      detached: !isWindows,
    });
    if (code === 0) {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      endLine(`✓ Packages installed (${seconds} s)`);
    } else if (interrupted) {
      endLine("Stopped.");
    } else {
      endLine("✗ npm could not install the packages. Its last lines:");
      console.error(lastLines(log, 12).join("\n"));
      console.error("  Look at the network, then run the command again.");
      console.error(`  All it said is in ${join(".latchkey", "install.log")}.`);
    }
    return code;
  } finally {
    closeSync(output);
  }
}

/**
 * Brings in what the lockfile asks for, unless it is there. Only one process at a time does so.
 *
 * @param {string} root the clone's folder
 * @param {import("./packages.mjs").Need} need
 * @param {() => number | undefined} findUser the process id of a chain that runs from these packages
 * @returns {Promise<number>} 0 when everything is there, else an exit code, the reason said
 */
export async function installPackages(root, need, findUser) {
  const isThere = () => hasPackages(root, need) && findNode(root) !== undefined;
  if (isThere()) {
    return 0;
  }
  mkdirSync(join(root, ".latchkey"), { recursive: true, mode: 0o700 });
  return withLock(join(root, ".latchkey", "install.lock"), {
    onWait: () => console.log("  Waiting: another Latchkey is installing packages."),
    work: async () => {
      if (isThere()) {
        return 0;
      }
      const user = findUser();
      if (user !== undefined && !hasPackages(root, "run")) {
        console.error(
          "✗ The packages have changed, and a running Latchkey still uses the old ones.",
        );
        console.error(
          `  Stop it (process ${user}): npm run latchkey -- stop. Then run this again.`,
        );
        return 1;
      }
      return runNpm(root, need);
    },
  });
}
