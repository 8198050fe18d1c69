/** How a system's package manager brings Caddy. */
export interface Installer {
  /** The package manager's program, by which it is recognised. */
  readonly manager: string;
  readonly platform: NodeJS.Platform;
  /** Brings the lists of packages up to date, where they must be by hand. */
  readonly refresh?: readonly string[];
  readonly install: readonly string[];
  /** Whether only an administrator may. */
  readonly isForRoot: boolean;
}

const INSTALLERS: readonly Installer[] = [
  {
    manager: "apt-get",
    platform: "linux",
    refresh: ["apt-get", "update"],
    install: ["apt-get", "install", "-y", "--no-install-recommends", "caddy"],
    isForRoot: true,
  },
  {
    manager: "dnf",
    platform: "linux",
    install: ["dnf", "install", "-y", "caddy"],
    isForRoot: true,
  },
  {
    manager: "pacman",
    platform: "linux",
    install: ["pacman", "-S", "--noconfirm", "--needed", "caddy"],
    isForRoot: true,
  },
  {
    manager: "brew",
    platform: "darwin",
    install: ["brew", "install", "caddy"],
    isForRoot: false,
  },
  {
    manager: "winget",
    platform: "win32",
    install: [
      "winget",
      "install",
      "--id",
      "CaddyServer.Caddy",
      "--exact",
      "--accept-source-agreements",
      "--accept-package-agreements",
    ],
    isForRoot: false,
  },
];

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  /** Whether a person can type a password for sudo. */
  readonly hasPerson: boolean;
  /** Whether a program of that name is on PATH. */
  readonly has: (program: string) => boolean;
  /** Whether the lists of packages are missing or old. */
  readonly needsRefresh: boolean;
}

/**
 * The commands that install Caddy here, in their order.
 *
 * @returns undefined where no known package manager is, or it may not be used
 */
export function planInstall(machine: Machine): readonly (readonly string[])[] | undefined {
  const installer = INSTALLERS.find(
    ({ manager, platform }) => platform === machine.platform && machine.has(manager),
  );
  if (installer === undefined) return undefined;
  const needsSudo = installer.isForRoot && !machine.isRoot;
  if (needsSudo && !machine.has("sudo")) return undefined;
  const sudo = machine.hasPerson ? ["sudo"] : ["sudo", "-n"];
  const prefix = needsSudo ? sudo : [];
  const refresh =
    installer.refresh !== undefined && machine.needsRefresh ? [installer.refresh] : [];
  return [...refresh, installer.install].map((command) => [...prefix, ...command]);
}
