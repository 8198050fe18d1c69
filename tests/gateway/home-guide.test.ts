/** What docs/home.md tells a person to type is there, and what nobody tried says so. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../gateway/cli.ts";
import { caddyArguments } from "../../gateway/caddy.ts";
import { CADDY_FILES } from "../../gateway/render/caddy-files.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";
import { ROOT } from "../helpers/copy-tree.ts";

const guide = readFileSync(join(ROOT, "docs/home.md"), "utf8");

/** What a command line of ours asks for that is not there; empty: nothing. */
function strange(line: string): readonly string[] {
  const typed = /(?:npm run latchkey --|node latchkey\.mjs)\s+(.+)/u.exec(line)?.[1] ?? "";
  const words = typed.replace(/\s+#.*$/u, "").split(/\s+/u);
  if (words[0] === "COMMAND" || words[0] === "--help") return [];
  const command = COMMANDS.find(({ name }) =>
    name.split(" ").every((word, index) => word === words[index]),
  );
  if (command === undefined) return [`there is no ${words.join(" ")}`];
  const isKnown = (word: string): boolean => word === "--help" || word.slice(2) in command.options;
  return words.filter((word) => word.startsWith("--") && !isKnown(word));
}

const ourLines = (text: string): readonly string[] =>
  text.match(/(?:npm run latchkey --|node latchkey\.mjs)[^`\n]*/gu) ?? [];

/** Lines of other programs that tests run, by what runs them. */
const TRIED: readonly RegExp[] = [
  /^npm run build:home/u, // build-home.test.ts
  /^cd \.latchkey$/u,
  /^caddy (?:validate|run) --config Caddyfile --adapter caddyfile$/u, // helpers/door.ts
  /^export XDG_CONFIG_HOME=\$PWD\/caddy\/config XDG_DATA_HOME=\$PWD\/caddy\/data$/u,
  /^nginx -p "\$PWD" -c nginx\.conf -e door\.log(?: -t)?$/u, // the tests of nginx
];

interface Block {
  readonly language: string;
  readonly lines: readonly string[];
  /** The paragraph in front of it. */
  readonly before: string;
}

function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gmu)].map((match) => {
    const [, language = "", body = ""] = match;
    const before = text.slice(0, match.index).trimEnd().split("\n\n").at(-1) ?? "";
    return { language, lines: body.trimEnd().split("\n"), before };
  });
}

/** Command lines that are neither ours nor run by tests, in a block that nobody says was not tried. */
function untold(text: string): readonly string[] {
  return blocksOf(text)
    .filter(({ language }) => language === "sh" || language === "powershell")
    .filter(({ before }) => !/not tried\s+here/iu.test(before))
    .flatMap(({ lines }) => lines)
    .filter((line) => line !== "" && ourLines(line).length === 0)
    .filter((line) => !TRIED.some((pattern) => pattern.test(line)));
}

describe("docs/home.md", () => {
  it("names commands and options that are there", () => {
    const lines = ourLines(guide);
    expect(lines.length).toBeGreaterThan(15);
    expect(lines.flatMap((line) => strange(line).map((what) => `${line}: ${what}`))).toStrictEqual(
      [],
    );
  });

  it.each([
    "npm run latchkey -- initt --yes",
    "node latchkey.mjs init --yess",
    "npm run latchkey -- access ad ann",
  ])("would be told of: %s", (line) => {
    expect(strange(line)).toHaveLength(1);
  });

  it("says of what nobody tried that nobody did", () => {
    expect(untold(guide)).toStrictEqual([]);
    expect(untold("Do this:\n\n```sh\nbrew install caddy\n```\n")).toStrictEqual([
      "brew install caddy",
    ]);
  });

  it("shows a description that is one", () => {
    const shown = blocksOf(guide).filter(({ language }) => language === "json");
    expect(shown).toHaveLength(1);
    for (const { lines } of shown) {
      expect(() => parseSpec(JSON.parse(lines.join("\n")))).not.toThrow();
    }
  });

  it("starts at boot what init starts", () => {
    const file = "latchkey.mjs --part=door";
    expect(readFileSync(join(ROOT, "gateway/door/run.ts"), "utf8")).toContain(
      '[PROGRAM, "--part=door"]',
    );
    expect(guide).toMatch(/^ExecStart=\/usr\/bin\/node \S+\/latchkey\.mjs --part=door$/mu);
    expect(guide).toContain(`-Argument "C:\\latchkey\\${file}"`);
    const list = [...guide.matchAll(/<string>([^<]*)<\/string>/gu)].map(([, word]) => word);
    expect(list.join(" ")).toContain(file);
  });

  it("runs Caddy by hand as we run it", () => {
    const ours = caddyArguments("").join(" ");
    expect(ours).toBe(`run --config ${CADDY_FILES.config} --adapter caddyfile`);
    expect(guide).toContain(`\ncaddy ${ours}\n`);
  });
});
