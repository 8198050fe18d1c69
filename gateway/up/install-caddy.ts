import { spawn } from "node:child_process";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  statSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { publicEnvironment } from "../bootstrap/environment.mjs";
import { type Caddy, findCaddy } from "../caddy.ts";
import type { Environment } from "./environment.ts";
import { planInstall } from "./installers.ts";
import { lastLines } from "./log-tail.ts";
import type { Person } from "./person.ts";
import { Problem } from "./problem.ts";
import type { Progress, Step } from "./progress.ts";

const APT_LISTS = "/var/lib/apt/lists";
const WEEK_MS = 7 * 24 * 3_600_000;
const DEBIAN_SERVICE = "/lib/systemd/system/caddy.service";
const SYSTEMD = "/run/systemd/system";
const BY_HAND =
  "Install Caddy: https://caddyserver.com/docs/install\nOr name yours with CADDY_BIN. Then run this again.";

/** Fresh containers have no lists at all; old ones name packages that are no longer there. */
function areListsOld(): boolean {
  if (!existsSync(APT_LISTS)) return true;
  const times = readdirSync(APT_LISTS)
    .filter((name) => name.includes("_Packages") || name.endsWith("InRelease"))
    .map((name) => statSync(join(APT_LISTS, name)).mtimeMs);
  return Date.now() - Math.max(0, ...times) > WEEK_MS;
}

function hasProgram(env: Environment, name: string): boolean {
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  return (env["PATH"] ?? env["Path"] ?? "").split(delimiter).some((folder) =>
    names.some((file) => {
      try {
        accessSync(join(folder, file), constants.X_OK);
        return folder !== "";
      } catch {
        return false;
      }
    }),
  );
}

interface Running {
  readonly env: Environment;
  readonly logFile: string;
  readonly signal: AbortSignal;
}

/**
 * Runs one command to its end. It stays in the terminal's group, so that sudo can ask for a
 * password and Ctrl-C reaches it. It is asked to end, never killed half-way.
 */
function runCommand(
  command: readonly string[],
  { env, logFile, signal }: Running,
): Promise<boolean> {
  const log = openSync(logFile, "a", 0o600);
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["inherit", log, log],
      env: {
        ...publicEnvironment(env, { isDownloader: true }),
        NODE_ENV: "production",
        DEBIAN_FRONTEND: "noninteractive",
      },
      windowsHide: true,
    });
    const interrupt = (): void => {
      child.kill("SIGINT");
    };
    signal.addEventListener("abort", interrupt, { once: true });
    const end = (isDone: boolean): void => {
      signal.removeEventListener("abort", interrupt);
      resolve(isDone);
    };
    child.once("error", () => {
      end(false);
    });
    child.once("exit", (code) => {
      end(code === 0);
    });
    closeSync(log);
  });
}

/** Debian's package starts a server on port 80: what our installing started, we stop. */
async function stopService(sudo: readonly string[], running: Running): Promise<void> {
  if (!existsSync(SYSTEMD)) return;
  await runCommand([...sudo, "systemctl", "disable", "--now", "caddy"], running);
}

/** Where winget puts the links that a shell knows only after it is opened again. */
function withNewFolders(env: Environment): Environment {
  const local = env["LOCALAPPDATA"];
  if (local === undefined) return env;
  const links = join(local, "Microsoft", "WinGet", "Links");
  return { ...env, PATH: [env["PATH"] ?? env["Path"] ?? "", links].join(delimiter) };
}

export interface CaddyWish {
  readonly env: Environment;
  readonly home: string;
  readonly person: Person;
  readonly step: Step;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const isBySudo = (commands: readonly (readonly string[])[]): boolean => commands[0]?.[0] === "sudo";

const missing = (): Problem => new Problem("Caddy, the door, is not installed.", BY_HAND);

/** The commands to use here, when the person has nothing against them. */
async function agreeOnCommands(wish: CaddyWish): Promise<readonly (readonly string[])[]> {
  const commands = planInstall({
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasPerson: process.stdin.isTTY,
    has: (program) => hasProgram(wish.env, program),
    needsRefresh: process.platform === "linux" && areListsOld(),
  });
  if (commands === undefined) throw missing();
  const shown = commands.map((command) => command.join(" ")).join(" && ");
  const agrees = await wish.person.agrees(
    `Caddy, the door, is missing. This brings it:\n  ${shown}\nInstall it now?`,
  );
  if (agrees === false) throw missing();
  if (agrees === undefined)
    wish.progress.write(`  Caddy, the door, is missing. Installing it: ${shown}`);
  wish.step.say("installing");
  return commands;
}

async function install(commands: readonly (readonly string[])[], running: Running): Promise<void> {
  const hadService = existsSync(DEBIAN_SERVICE);
  for (const command of commands) {
    if (await runCommand(command, running)) continue;
    running.signal.throwIfAborted();
    const said = lastLines(running.logFile);
    throw new Problem(`This did not work: ${command.join(" ")}`, BY_HAND, said);
  }
  if (!hadService) await stopService(isBySudo(commands) ? ["sudo"] : [], running);
}

/**
 * Finds Caddy, or installs it with the system's package manager after saying how.
 *
 * @throws Problem where it cannot be installed, or the person does not want it
 */
export async function getCaddy(wish: CaddyWish): Promise<Caddy> {
  const { env, home, progress, signal } = wish;
  const found = await findCaddy({ env });
  if (found !== undefined) return found;
  const commands = await agreeOnCommands(wish);
  const running = { env, logFile: join(home, "install.log"), signal };
  // sudo may ask for a password, which no moving line should write over.
  if (isBySudo(commands)) await progress.pause(() => install(commands, running));
  else await install(commands, running);
  const installed = await findCaddy({ env: withNewFolders(env) });
  if (installed === undefined) {
    throw new Problem("Caddy is installed, but not on PATH.", "Open a new terminal and try again.");
  }
  return installed;
}
