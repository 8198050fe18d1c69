import { array, assert, constantFrom, property } from "fast-check";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import Answer from "../../../components/markdown/answer.tsx";
import { Block } from "../../../components/markdown/block.tsx";
import { settledBlocks, type Blocks } from "../../../components/markdown/settled-blocks.ts";
import { TEXTS } from "./texts.ts";

const showWhole = (text: string): string =>
  renderToStaticMarkup(<Block source={text} definitions="" />);
const showBlocks = ({ settled, growing, definitions }: Blocks): string =>
  [...settled, ...growing]
    .map(({ source }) => renderToStaticMarkup(<Block source={source} definitions={definitions} />))
    .join("");
const show = (text: string): string => renderToStaticMarkup(<Answer text={text} complete />);
const plain = (html: string): string => html.replaceAll(/<[^>]*>/gu, "");

describe("an answer in blocks", () => {
  it.each(Object.entries(TEXTS))("looks like one parsed whole: %s", (_name, text) => {
    expect(show(text)).toBe(
      `<div class="answer"><div class="group">${showWhole(text)}</div></div>`,
    );
  });
});

/**
 * Pieces of lines that open, close and continue blocks in each other's way. Indented code is not among
 * them: after it micromark takes "2)" for text where CommonMark has a list.
 */
const PIECES = [
  "a",
  "**b",
  "c**",
  "`",
  "```",
  "$$",
  "- d",
  "* e",
  "1. f",
  "2) g",
  "# ",
  "> ",
  "---",
  "===",
  "| a | b |",
  "|---|---|",
  "\n\n   h",
  "<div>",
  "</div>",
  "<!--",
  "-->",
  "[r]: https://r.example",
  "[r]",
  '"t',
  "\\",
  "[^1]",
  "$x",
  "y$",
  "\\(z",
  "w\\)",
  "\\[v",
  "u\\]",
  "\n",
  "\n",
  "\n\n",
  "\n\n",
];

describe("an answer that grows", () => {
  it("looks like one parsed whole, whatever is in it", () => {
    const markdown = array(constantFrom(...PIECES), { maxLength: 24 });
    assert(
      property(markdown, (pieces) => {
        let blocks: Blocks | undefined;
        let text = "";
        for (const piece of [...pieces, "\n"]) {
          text += piece;
          blocks = settledBlocks(text, blocks);
        }
        expect(showBlocks(blocks ?? settledBlocks(""))).toBe(showWhole(text));
      }),
      { numRuns: 300, seed: 3 },
    );
  }, 60_000);
});

describe("an answer that is still being written", () => {
  it.each([
    ["**bold", "**bold"],
    ["a `code", "a `code"],
    ["[link](https://exa", "[link](https://exa"],
    ["$$\na^2", "a^2"],
    ["```js\nlet a", "let a"],
    ["| a | b |\n|--", "| a | b |\n|--"],
    ["~~gone", "~~gone"],
    ["![image](", "![image]("],
  ])("loses nothing of %j", (source, text) => {
    expect(plain(show(source))).toContain(text);
  });
});

describe("CommonMark beside Korean", () => {
  it("ends bold right before a particle", () => {
    expect(show("**문 열쇠(door key)**는 서버만 압니다.")).toContain(
      "<strong>문 열쇠(door key)</strong>는",
    );
  });
});

describe("a text cannot", () => {
  it("become HTML", () => {
    const html = show(
      '<img src=x onerror=alert(1)>\n\nText <b onclick="x()">b</b> <script>y()</script>',
    );
    expect(html).not.toMatch(/<(?:img|b|script)\b/u);
    expect(plain(html)).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(plain(html)).toContain("&lt;script&gt;y()&lt;/script&gt;");
  });

  it.each([
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://a.example/1)",
    "[x](/api/session)",
    "[x](//other.example)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
  ])("link to %s", (source) => {
    expect(show(source)).not.toContain("href");
  });

  it("load an image", () => {
    const html = show(
      "![A cat](https://cats.example/a.png?secret=1)\n\n![ref]\n\n[ref]: https://b.example/b.png",
    );
    expect(html).not.toMatch(/<img|src=/u);
    expect(html).toContain("A cat");
    expect(html).toContain('href="https://cats.example/a.png?secret=1"');
  });
});

describe("what it shows", () => {
  it("opens links apart, and tells the other side nothing", () => {
    const html = show("[a](https://a.example) <b@c.example> www.d.example");
    expect(html.match(/target="_blank" rel="noopener noreferrer nofollow"/gu)).toHaveLength(3);
    expect(html).toContain('href="mailto:b@c.example"');
  });

  it("puts its headings below the page's own", () => {
    expect(show("# A\n\n## B")).toContain("<h3>A</h3><h4>B</h4>");
  });

  it("shows code with its language and a button", () => {
    const html = show("```ts\na < b\n```");
    expect(html).toContain("<span>ts</span>");
    expect(html).toContain('aria-label="Copy code"');
    expect(html).toContain("a &lt; b");
    expect(html).toContain('aria-label="Wrap lines"');
    expect(html).toContain('aria-pressed="false"');
  });

  it("shows lists within lists, and notes with their signs", () => {
    expect(show("1. a\n   - b")).toContain(
      "<ol><li>a<ul><li>b</li></ul></li></ol>".replace("<ol>", '<ol start="1">'),
    );
    expect(show("a[^n]\n\n[^n]: note")).toContain('<sup aria-label="Footnote n">n</sup>');
  });

  it("takes ranges for ranges", () => {
    expect(show("10~20분, 30~40분")).not.toContain("<del>");
  });

  it("takes prices for prices and formulas for formulas", () => {
    expect(plain(show("It costs $5 and $10."))).toBe("It costs $5 and $10.");
    expect(show("It costs $5 to **$10**.")).toContain("<strong>$10</strong>");
    expect(show("So $E = mc^2$ holds.")).toContain('<code class="maths">E = mc^2</code>');
  });

  it("marks tasks and aligns columns without inline styles", () => {
    expect(show("- [x] a")).toContain('type="checkbox"');
    const table = show("| a | b |\n|---|--:|\n| 1 | 2 |");
    expect(table).toContain('<td data-align="right">2</td>');
    expect(table).not.toContain("style=");
  });
});

describe("a text that no person wrote", () => {
  it.each(["- ", "> ", "1. "])("is shown as it is where %j is nested too deeply", (mark) => {
    const deep = `${mark.repeat(500)}end`;
    const html = show(`First.\n\n${deep}\n\n## Last\n`);
    expect(html).toContain('<div class="plain">');
    expect(plain(html).replaceAll("&gt;", ">")).toContain(deep);
    expect(html).toContain("<p>First.</p>");
    expect(html).toContain("<h4>Last</h4>");
    expect(show(`${mark.repeat(20)}end`)).not.toContain("plain");
  });

  it("is read in time where formulas begin and never end", () => {
    // Minutes, if each beginning looked for its end.
    const text = "\\(a ".repeat(10_000);
    expect(plain(show(text))).toBe("(a ".repeat(10_000).trim());
  });
});
