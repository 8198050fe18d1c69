import { renderToString } from "katex";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../../components/markdown/maths/katex.ts";

/** As it is shown; the annotation, which is the source again, is not. */
const set = (source: string): string =>
  renderToString(source, LIMITS).replace(/<annotation.*<\/annotation>/su, "");

describe("the limits of a formula", () => {
  it.each([
    "\\href{javascript:alert(1)}{x}",
    "\\url{https://stranger.example}",
    "\\includegraphics{https://stranger.example/a.png}",
    "\\htmlStyle{position:fixed}{x}",
    "\\htmlClass{composer}{x}",
  ])("let nothing through of %s", (source) => {
    expect(set(source)).not.toMatch(/href=|src=|position:fixed|class="[^"]*composer/u);
  });

  it("keep it to a size", () => {
    const sizes = set("\\rule{900em}{900em}").matchAll(/(?<size>[\d.]+)em/gu);
    for (const { groups } of sizes) expect(Number(groups?.["size"])).toBeLessThan(30);
  });

  it("end macros that do not", () => {
    expect(() => set("\\def\\a{\\a\\a}\\a")).toThrow("Too many expansions");
  });

  it("refuse what is no formula, so that its source is shown", () => {
    expect(() => set("\\frac{1}{")).toThrow("parse error");
  });

  it("keep MathML for those who listen", () => {
    expect(set("x^2")).toContain("<math");
  });
});
