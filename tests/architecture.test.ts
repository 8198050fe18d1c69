import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { importsOf } from "./architecture/imports.ts";
import { problemsOf, type SourceFile } from "./architecture/rules.ts";

const ROOT = join(import.meta.dirname, "..");

function sourceFiles(): SourceFile[] {
  const folders = ["app", "components", "lib", "gateway"];
  const paths = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) =>
      join(ROOT, folder, name),
    ),
  );
  return paths
    .filter((path) => /\.(ts|tsx|mjs)$/u.test(path))
    .map((path) => ({
      path: relative(ROOT, path).replaceAll(sep, "/"),
      text: readFileSync(path, "utf8"),
    }));
}

describe("the arrows of the house", () => {
  it("point one way", () => {
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(10);
    expect(files.flatMap(problemsOf)).toEqual([]);
  });

  it.each([
    ["lib/wire/x.ts", 'import { readFile } from "node:fs/promises";', "may not import the package"],
    ["lib/wire/x.ts", 'import { connect } from "../upstream.ts";', "may not import steps"],
    ["lib/wire/x.ts", "const id = Math.random();", "wire is pure"],
    ["lib/wire/x.ts", "export const at = () => Date.now();", "wire is pure"],
    ["lib/wire/x.ts", 'const answer = await fetch("https://example.com");', "wire is pure"],
    ["lib/errors.ts", 'import { relay } from "./relay.ts";', "may not import relay"],
    ["lib/contract.ts", 'import { z } from "zod";', "may not import the package"],
    ["lib/contract.ts", 'export { x } from "./errors.ts";', "may not import hub"],
    ["lib/upstream.ts", 'import { relay } from "./relay/relay.ts";', "may not import relay"],
    ["lib/auth.ts", "const key = process.env.OLLAMA_API_KEY;", "only lib/config.ts"],
    ["app/page.tsx", 'if (process.env["CI"]) {}', "only lib/config.ts"],
    ["app/page.tsx", 'import { render } from "../gateway/render.ts";', "may not import gateway"],
    ["components/chat.tsx", 'import { config } from "../lib/config.ts";', "may not import steps"],
    [
      "components/chat.tsx",
      'import {\n  a,\n  b,\n} from "../lib/auth.ts";',
      "may not import steps",
    ],
    ["components/chat.tsx", 'const x = await import("../lib/auth.ts");', "may not import steps"],
    ["gateway/cli.ts", 'import { config } from "../lib/config.ts";', "may not import steps"],
    ["gateway/cli.ts", 'import type { NextConfig } from "next";', "may not import the package"],
    ["lib/auth.ts", 'import { parts } from "../tests/helpers/parts.ts";', "may not import tests"],
    ["lib/store/chats.ts", 'import { config } from "../config.ts";', "may not import steps"],
  ])("are seen to be broken: %s with %s", (path, text, problem) => {
    expect(problemsOf({ path, text }).join("\n")).toContain(problem);
  });

  it.each([
    ["components/chat.tsx", 'import type { ChatEvent } from "../lib/chat.ts";'],
    ["lib/wire/x.ts", "// Date.now() is the caller's\nexport const y = 1;"],
    ["gateway/cli.ts", 'import { DOOR_PATHS } from "../lib/contract.ts";'],
    ["lib/relay.ts", 'import { limit } from "./limit.ts";'],
  ])("let good ones through: %s with %s", (path, text) => {
    expect(problemsOf({ path, text })).toEqual([]);
  });
});

describe("importsOf", () => {
  it("reads every form of import", () => {
    const text = `
import a from "a";
import "b";
import type { C } from "c";
import { d,
  e } from 'd';
export * from "e";
export type { F } from "f";
const g = await import("g");
// import h from "h";
/* import i from "i"; */
const text = "import j";
`;
    expect(importsOf(text)).toEqual([
      { specifier: "a", typeOnly: false },
      { specifier: "b", typeOnly: false },
      { specifier: "c", typeOnly: true },
      { specifier: "d", typeOnly: false },
      { specifier: "e", typeOnly: false },
      { specifier: "f", typeOnly: true },
      { specifier: "g", typeOnly: false },
    ]);
  });
});
