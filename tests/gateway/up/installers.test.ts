import { describe, expect, it } from "vitest";
import { type Machine, planInstall } from "../../../gateway/up/installers.ts";

const machine = (programs: string, rest: Partial<Machine> = {}): Machine => ({
  platform: "linux",
  isRoot: false,
  hasPerson: true,
  has: (program) => programs.split(" ").includes(program),
  needsRefresh: false,
  ...rest,
});

const APT = "apt-get install -y --no-install-recommends caddy";

describe("the commands that install Caddy", () => {
  const cases: readonly (readonly [string, Machine, readonly string[] | undefined])[] = [
    ["Debian", machine("apt-get sudo"), [`sudo ${APT}`]],
    ["Debian, as root", machine("apt-get", { isRoot: true }), [APT]],
    [
      "Debian without package lists",
      machine("apt-get", { isRoot: true, needsRefresh: true }),
      ["apt-get update", APT],
    ],
    [
      "Debian with nobody to type a password",
      machine("apt-get sudo", { hasPerson: false, needsRefresh: true }),
      ["sudo -n apt-get update", `sudo -n ${APT}`],
    ],
    ["Debian without sudo", machine("apt-get"), undefined],
    ["Fedora", machine("dnf sudo"), ["sudo dnf install -y caddy"]],
    ["Arch", machine("pacman sudo"), ["sudo pacman -S --noconfirm --needed caddy"]],
    ["macOS", machine("brew sudo", { platform: "darwin" }), ["brew install caddy"]],
    [
      "Windows",
      machine("winget", { platform: "win32" }),
      [
        "winget install --id CaddyServer.Caddy --exact --accept-source-agreements --accept-package-agreements",
      ],
    ],
    ["macOS without Homebrew", machine("", { platform: "darwin" }), undefined],
    ["a Linux of another kind", machine("apk sudo"), undefined],
  ];
  it.each(cases)("%s", (_, where, expected) => {
    expect(planInstall(where)?.map((command) => command.join(" "))).toStrictEqual(expected);
  });
});
