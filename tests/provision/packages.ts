import { existsSync } from "node:fs";
import { findProgram } from "./find.ts";
import { runCommand, type CommandResult } from "./run-command.ts";

/** Services that Debian's packages start by themselves when they are installed. */
const SERVICES: Readonly<Record<string, string>> = {
  caddy: "caddy",
  nginx: "nginx",
  "redis-server": "redis-server",
};

const INSTALL = [
  "apt-get",
  "install",
  "-y",
  "-qq",
  "--no-install-recommends",
  "-o",
  "DPkg::Lock::Timeout=300",
] as const;

/** How commands of the system's administrator are run here; undefined where they may not be. */
export async function administrator(): Promise<readonly string[] | undefined> {
  if (findProgram(["apt-get"]) === undefined) {
    return undefined;
  }
  if (process.getuid?.() === 0) {
    return [];
  }
  const sudo = await runCommand(["sudo", "-n", "true"]);
  return sudo.ok ? ["sudo", "-n"] : undefined;
}

function asAdministrator(prefix: readonly string[], command: readonly string[]) {
  // `env` carries the variable through sudo, which drops those it does not know.
  const [first = "env", ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", ...command];
  return runCommand([first, ...rest]);
}

/** Only called for packages that were not there before, so whatever runs was started by our installing. */
async function stopServices(prefix: readonly string[], packages: readonly string[]): Promise<void> {
  const services = packages.flatMap((name) => SERVICES[name] ?? []);
  for (const service of services) {
    if (existsSync("/run/systemd/system")) {
      await asAdministrator(prefix, ["systemctl", "disable", "--now", service]);
    } else if (existsSync(`/etc/init.d/${service}`)) {
      await asAdministrator(prefix, ["service", service, "stop"]);
      await asAdministrator(prefix, ["update-rc.d", service, "disable"]);
    }
  }
}

/**
 * Installs Debian packages that are not installed yet and leaves no service of theirs running.
 * The package lists are brought up to date only when the first try needs it.
 */
export async function installPackages(
  prefix: readonly string[],
  packages: readonly string[],
): Promise<CommandResult> {
  let result = await asAdministrator(prefix, [...INSTALL, ...packages]);
  if (!result.ok) {
    await asAdministrator(prefix, ["apt-get", "update", "-qq"]);
    result = await asAdministrator(prefix, [...INSTALL, ...packages]);
  }
  await stopServices(prefix, packages);
  return result;
}
