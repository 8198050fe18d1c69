import { array, assert, constantFrom, property } from "fast-check";
import { renderToStaticMarkup } from "react-dom/server";
import highlighter from "highlight.js/lib/core";
import { beforeAll, describe, expect, it } from "vitest";
import { Coloured } from "../../../../components/markdown/code/code-block.tsx";
import { GRAMMARS, grammarOf } from "../../../../components/markdown/code/grammars.ts";
import {
  highlight,
  loadLanguage,
  type Pieces,
} from "../../../../components/markdown/code/highlight.ts";

const LANGUAGES = ["ts", "tsx", "python", "bash", "html", "css", "json", "yaml", "rust", "c++"];

function show(source: string, language: string): string {
  const pieces = highlight(source, language);
  if (pieces === undefined) throw new Error(`${language} is not known`);
  return renderToStaticMarkup(<Coloured pieces={pieces} />);
}

beforeAll(() => Promise.all([...LANGUAGES, "js"].map(loadLanguage)));

const plain = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/gu, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&");

describe("highlighting", () => {
  it("colours", () => {
    expect(show("const a = 1;", "ts")).toContain('<span class="code-keyword">const</span>');
    expect(show("def f(): pass", "Python")).toContain("code-keyword");
  });

  it("keeps the text to the letter", () => {
    const signs = constantFrom(
      "a",
      "\n",
      " ",
      '"',
      "'",
      "`",
      "${",
      "}",
      "<b>",
      "</",
      "&amp;",
      "/*",
      "//",
      "#",
      "1",
      "열",
      "{",
      "def ",
      "\t",
    );
    assert(
      property(constantFrom(...LANGUAGES), array(signs, { maxLength: 40 }), (language, pieces) => {
        expect(plain(show(pieces.join(""), language))).toBe(pieces.join(""));
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it("knows where each piece begins", () => {
    const source = "const a = `b ${c} d`;\nlet e = f(1);";
    const written = (pieces: Pieces): [number, string][] =>
      pieces.flatMap(({ at, inside }): [number, string][] =>
        typeof inside === "string" ? [[at, inside]] : written(inside),
      );
    const found = written(highlight(source, "js") ?? []);
    expect(found.length).toBeGreaterThan(5);
    for (const [at, text] of found) expect(source.slice(at, at + text.length)).toBe(text);
  });

  it("knows every name that a grammar has of its own", async () => {
    for (const [name, { load }] of GRAMMARS) {
      highlighter.registerLanguage(name, (await load()).default);
      const aliases = highlighter.getLanguage(name)?.aliases ?? [];
      expect(aliases.filter((alias) => grammarOf(alias) === undefined)).toEqual([]);
    }
  });

  it("colours nothing before its grammar is there", async () => {
    expect(highlight("let a = 1", "swift")).toBeUndefined();
    await loadLanguage("Swift");
    expect(highlight("let a = 1", "swift")).toBeDefined();
  });

  it("guesses no language", async () => {
    await Promise.all(["klingon", "constructor"].map(loadLanguage));
    expect(highlight("const a = 1;", "klingon")).toBeUndefined();
    expect(highlight("const a = 1;", "constructor")).toBeUndefined();
  });

  it("makes no HTML", () => {
    expect(show("<img src=x onerror=alert(1)>", "html")).not.toContain("<img");
  });
});
