import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import Answer from "../../../components/markdown/answer.tsx";
import { Block } from "../../../components/markdown/block.tsx";
import { settledBlocks, type Blocks } from "../../../components/markdown/settled-blocks.ts";
import { TEXTS } from "./texts.ts";

const TOKEN = /\s?[\p{L}\p{N}]{1,4}|\s|[^\p{L}\p{N}\s]{1,3}/gu;

function show(text: string, complete: boolean): string {
  return renderToStaticMarkup(<Answer text={text} complete={complete} />);
}

/** What is seen after each piece of a text. */
function* seen(pieces: readonly string[]): Generator<{ text: string; blocks: Blocks }> {
  let blocks: Blocks | undefined;
  let text = "";
  for (const piece of pieces) {
    text += piece;
    blocks = settledBlocks(text, blocks);
    yield { text, blocks };
  }
}

const WAYS = [
  ["by letters", (text: string) => Array.from(text)],
  ["by tokens", (text: string) => text.match(TOKEN) ?? []],
] as const;

describe.each(Object.entries(TEXTS))("%s, as it streams", (_name, text) => {
  it.each(WAYS)("keeps every element of what has settled: %s", (_way, cut) => {
    let settled: Blocks["settled"] = [];
    let places = [0];
    for (const { blocks } of seen(cut(text))) {
      expect(blocks.settled.slice(0, settled.length)).toEqual(settled);
      // An element is known by its place: nothing settles in a place where nothing was.
      for (const { start } of blocks.settled) expect(places).toContain(start);
      settled = blocks.settled;
      // Nor does one go while it waits for its settling; only the last may still be another.
      const now = [...settled, ...blocks.growing].map(({ start }) => start);
      expect(now).toEqual(expect.arrayContaining(places.slice(0, -1)));
      places = now;
    }
  });

  it.each(WAYS)("looks in the end like the whole at once: %s", (_way, cut) => {
    let last: Blocks | undefined;
    for (const { blocks } of seen([...cut(text), "\n"])) last = blocks;
    const { settled, growing, definitions } = last ?? settledBlocks("");
    const html = [...settled, ...growing].map(({ source }) =>
      renderToStaticMarkup(<Block source={source} definitions={definitions} />),
    );
    const whole = `<div class="answer"><div class="group">${html.join("")}</div></div>`;
    expect(whole).toBe(show(text, true));
  });
});

describe("what is still being written", () => {
  it.each([
    ["is bold before its end has come", "**bo", "<strong>bo</strong>"],
    ["is code before its end has come", "a `co", "<code>co</code>"],
    ["is bold in the last item of a list", "- a\n- **b", "<strong>b</strong>"],
    ["is bold in the last cell of a table", "| a |\n|---|\n| **b", "<strong>b</strong>"],
    ["is a table with its first line", "| a | b", "<table"],
    ["stays a table with half of its second", "| a | b |\n|--", "<table"],
    ["is a paragraph, not a heading, at the first sign of a list", "a\n-", "<p>a"],
    ["shows the text of half a link", "see [the **te", "see the <strong>te</strong>"],
  ])("%s", (_what, text, html) => {
    expect(show(text, false)).toContain(html);
  });

  it.each([
    "[text](https://half.exam",
    "[text](https://half.example/a_b",
    "https://half.exam",
    "www.half.exam",
    "- [text](https://half.exam",
    "![image](https://half.exam",
  ])("cannot be clicked: %s", (text) => {
    expect(show(text, false)).not.toContain("href");
  });

  it("can be clicked once it is whole", () => {
    expect(show("[text](https://whole.example)", false)).toContain("href");
    expect(show("https://whole.example ok", false)).toContain("href");
  });

  it.each(["a **", "a `", "- [", "- [x]", "a [^1", "a ![ima", "a \\", "a $", "[one]:"])(
    "shows no mark of which nothing is known: %s",
    (text) => {
      expect(show(text, false).replaceAll(/<[^>]*>/gu, "")).toMatch(/^a? ?$/u);
    },
  );

  it.each(["**bo ", "| a ", "\\(a*b* ", "a **"])("does not change with a blank: %s", (text) => {
    expect(show(text, false)).toBe(show(text.trimEnd(), false));
  });

  it("shows nothing of the fence that ends a block of code", () => {
    expect(show("```js\na\n``", false)).toContain("<code>a</code>");
    expect(show("```js\na\n``", true)).toContain("<code>a\n``</code>");
  });

  it("leaves code as it is written", () => {
    expect(show("```md\n**bo", false)).toContain("<code>**bo</code>");
    expect(show("    **bo", false)).toContain("<code>**bo</code>");
  });

  it("shows an open formula as its source, untouched", () => {
    expect(show("so \\(a*b*c", false)).toContain('<code class="maths">a*b*c</code>');
    expect(show("\\[\na*b*c", false)).toContain('<code class="maths">a*b*c</code>');
  });

  it("changes nothing of what came before its last line", () => {
    expect(show("a **b\n\nc **d", false)).toContain("<p>a **b</p>");
  });
});
