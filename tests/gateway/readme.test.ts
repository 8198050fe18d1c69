/** What the guides tell a person to type or open must be there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { COMMANDS } from "../../gateway/cli.ts";
import { ROOT } from "../helpers/copy-tree.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const GUIDES = ["README.md", "CONTRIBUTING.md", ".env.example"];
const SOURCES = readdirSync(join(ROOT, "gateway"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(?:ts|mjs)$/u.test(name))
  .map((name) => join("gateway", name));

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read("package.json")));

/** Every `npm run SCRIPT` of a text that is none. */
const strangeScripts = (text: string): readonly string[] =>
  [...text.matchAll(/npm run ([a-z][a-z:-]*)/gu)]
    .map(([, name = ""]) => name)
    .filter((name) => !(name in scripts));

/** Every `npm run latchkey -- COMMAND [...] --option` of a text that is none. */
function strangeCommands(text: string): readonly string[] {
  const lines = text.matchAll(/npm run (latchkey -- (?!COMMAND|\$)|up -- )([^`"$\n;|]*)/gu);
  return [...lines].flatMap(([whole, start = "", rest = ""]) => {
    const typed = start.startsWith("up") ? `up ${rest}` : rest;
    const words = typed.split(/[\s,.)]+/u);
    const command = COMMANDS.find(({ name }) =>
      name.split(" ").every((word, index) => word === words[index]),
    );
    const options = [...typed.matchAll(/--([a-z-]+)/gu)].map(([, name = ""]) => name);
    const isKnown = (name: string): boolean =>
      name === "help" || (command !== undefined && name in command.options);
    const isHelp = command === undefined && typed.startsWith("--help");
    const isFamily = command === undefined && words[1] === "--help";
    return isHelp || isFamily || (command !== undefined && options.every(isKnown)) ? [] : [whole];
  });
}

describe("what is to be typed", () => {
  it.each([...GUIDES, ...SOURCES])("is there: %s", (path) => {
    const text = read(path);
    expect([...strangeScripts(text), ...strangeCommands(text)]).toStrictEqual([]);
  });

  it.each([
    "npm run upp",
    "`npm run latchkey -- unit`",
    "npm run latchkey -- access drop ann",
    "npm run latchkey -- access add ann --rolle member",
    "npm run up -- --demo --prot 3",
  ])("is seen to be missing: %s", (text) => {
    expect([...strangeScripts(text), ...strangeCommands(text)]).toHaveLength(1);
  });
});

it.each(["README.md", "CONTRIBUTING.md"])("%s links to what is there", (path) => {
  const text = read(path);
  const headings = new Set(
    [...text.matchAll(/^#+ (.+)$/gmu)].map(([, title = ""]) => {
      const plain = title.toLowerCase().replaceAll(/[^a-z0-9 -]/gu, "");
      return `#${plain.replaceAll(" ", "-")}`;
    }),
  );
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/gu)].map(([, target = ""]) => target);
  const missing = targets.filter((target) =>
    target.startsWith("#") ? !headings.has(target) : !existsSync(join(ROOT, target)),
  );
  expect(missing).toStrictEqual([]);
});

it("a command in a table of the README can be copied as it stands", () => {
  const cells = [...read("README.md").matchAll(/^\s*\|.*$/gmu)].filter(([row]) =>
    row.includes("\\|"),
  );
  expect(cells).toStrictEqual([]);
});
