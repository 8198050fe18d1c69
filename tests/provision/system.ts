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

interface Missing {
  readonly name: string;
  readonly package: string;
}

async function missingSystemParts(): Promise<Missing[]> {
  const missing: Missing[] = SYSTEM_PARTS.filter(
    (part) => findProgram(part.programs) === undefined,
  );
  for (const font of process.platform === "linux" ? FONTS : []) {
    if (!(await hasFont(font.pattern))) {
      missing.push({ name: font.package, package: font.package });
    }
  }
  return missing;
}

/** Installs what is missing, where that may be done; what is still missing afterwards could not be. */
async function install(missing: readonly Missing[], say: (line: string) => void): Promise<string> {
  const prefix = missing.length === 0 ? undefined : await administrator();
  if (prefix === undefined) {
    return "";
  }
  const packages = missing.map((part) => part.package);
  say(`Installing ${packages.join(", ")} with apt-get`);
  const { ok, output } = await installPackages(prefix, packages);
  return ok ? "" : output.trim().slice(-600);
}

/** Finds the servers and the browser, and installs what is missing where it may. */
export async function provisionSystem(say: (line: string) => void): Promise<Found> {
  const trouble = await install(await missingSystemParts(), say);
  if (trouble !== "") {
    say(`apt-get failed: ${trouble}`);
  }
  const missing = await missingSystemParts();
  const found: Found = {
    parts: {},
    missing: missing.map((part) => ({
      name: part.name,
      reason: `install it, on Debian by sudo apt-get install ${part.package}`,
    })),
  };
  for (const part of SYSTEM_PARTS) {
    const path = findProgram(part.programs);
    if (path !== undefined) {
      found.parts[part.name] = path;
    }
  }
  return found;
}
