import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { lockedPackageSchema, missingPlatforms, platformEntry } from "./platforms.ts";

describe("the lockfile", () => {
  it("has an entry for every platform, or npm ci refuses it (npm run lockfile writes them)", () => {
    const text = readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8");
    const lockfile = z.object({ packages: z.record(z.string(), lockedPackageSchema) });
    const { packages } = lockfile.parse(JSON.parse(text));
    expect([...missingPlatforms(packages).keys()]).toEqual([]);
  });
});

describe("what is missing", () => {
  it("is written beside the package that asks, or inside it where another version is in the way", () => {
    const packages = {
      "node_modules/tool": { optionalDependencies: { "tool-linux-x64": "1.0.0" } },
      "node_modules/other": { dev: true, optionalDependencies: { "@tool/win32-x64": "2.0.0" } },
      "node_modules/@tool/win32-x64": { version: "1.0.0" },
    };
    expect([...missingPlatforms(packages)]).toEqual([
      ["node_modules/tool-linux-x64", { version: "1.0.0", dev: false }],
      ["node_modules/other/node_modules/@tool/win32-x64", { version: "2.0.0", dev: true }],
    ]);
  });

  it.each([
    ["node_modules/@next/swc-darwin-arm64", "darwin", "arm64"],
    ["node_modules/@next/swc-win32-x64-msvc", "win32", "x64"],
    ["node_modules/@tool/binding-linux-arm-gnueabihf", "linux", "arm"],
    ["node_modules/@tool/linuxmusl-arm64", "linux", "arm64"],
  ])("knows the platform of %s", (place, system, processor) => {
    expect(platformEntry(place, { version: "1.2.3", dev: false })).toEqual({
      version: "1.2.3",
      optional: true,
      os: [system],
      cpu: [processor],
    });
  });
});
