import { findProgram } from "./find.ts";
import type { Found, PartName } from "./found.ts";
import { administrator, installPackages } from "./packages.ts";
import { runCommand } from "./run-command.ts";

interface SystemPart {
  readonly name: PartName;
  readonly package: string;
  readonly programs: readonly string[];
}

const SYSTEM_PARTS: readonly SystemPart[] = [
  { name: "caddy", package: "caddy", programs: [process.env["CADDY_BIN"] ?? "", "caddy"] },
  { name: "nginx", package: "nginx", programs: ["nginx"] },
  { name: "redis", package: "redis-server", programs: ["redis-server"] },
  {
    name: "chromium",
    package: "chromium",
    programs: [
      "chromium",
      "chromium-browser",
      "google-chrome",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
  },
];

/** Pages in Korean and with emoji look like nothing without these. */
const FONTS = [
  { package: "fonts-noto-cjk", pattern: ":lang=ko" },
  { package: "fonts-noto-color-emoji", pattern: ":lang=und-zsye" },
] as const;

async function hasFont(pattern: string): Promise<boolean> {
  const list = await runCommand(["fc-list", pattern, "family"]);
  return list.ok && list.output.trim() !== "";
}

async function missingPackages(): Promise<string[]> {
  const programs = SYSTEM_PARTS.filter((part) => findProgram(part.programs) === undefined);
  const fonts: string[] = [];
  for (const font of FONTS) {
    if (process.platform === "linux" && !(await hasFont(font.pattern))) {
      fonts.push(font.package);
    }
  }
  return [...programs.map((part) => part.package), ...fonts];
}

/** Finds the servers and the browser, and installs what is missing where it may. */
export async function provisionSystem(say: (line: string) => void): Promise<Found> {
  let reason = "";
  const packages = await missingPackages();
  if (packages.length > 0) {
    const prefix = await administrator();
    if (prefix === undefined) {
      reason = `install it by hand, for example: sudo apt-get install ${packages.join(" ")}`;
    } else {
      say(`Installing ${packages.join(", ")} with apt-get`);
      const installed = await installPackages(prefix, packages);
      reason = installed.ok ? "" : `apt-get failed: ${installed.output.trim().slice(-600)}`;
    }
  }
  const found: Found = { parts: {}, missing: [] };
  for (const part of SYSTEM_PARTS) {
    const path = findProgram(part.programs);
    if (path === undefined) {
      found.missing.push({ name: part.name, reason });
    } else {
      found.parts[part.name] = path;
    }
  }
  for (const name of reason === "" ? [] : await missingFonts()) {
    found.missing.push({ name, reason });
  }
  return found;
}

async function missingFonts(): Promise<string[]> {
  const packages = await missingPackages();
  return packages.filter((name) => name.startsWith("fonts-"));
}
