import type { Nodes } from "mdast";
import { describe, expect, it } from "vitest";
import { parseMarkdown } from "../../../../components/markdown/parse.ts";

/** A tree in one line: formulas by what they are, the rest by its name. */
function outline(node: Nodes): string {
  if (node.type === "text") return JSON.stringify(node.value);
  if (node.type === "math" || node.type === "inlineMath") {
    const kind = node.type === "math" || node.data?.display === true ? "display" : "inline";
    return `${kind}${node.data?.closed === true ? "" : " open"}<${node.value}>`;
  }
  const inside = "children" in node ? node.children.map(outline).join(" ") : "";
  return node.type === "root" ? inside : `${node.type}(${inside})`;
}
const read = (text: string, growing = false): string => outline(parseMarkdown(text, growing));

describe("a formula", () => {
  it.each([
    ["$x$ and $y$", 'paragraph(inline<x> " and " inline<y>)'],
    ["\\(a*b*c\\)", "paragraph(inline<a*b*c>)"],
    ["at \\[x\\] it", 'paragraph("at " display<x> " it")'],
    ["\\[x\\] and more", 'paragraph(display<x> " and more")'],
    ["at $$x$$ it", 'paragraph("at " display<x> " it")'],
    ["$\\$5$", "paragraph(inline<\\$5>)"],
    ["$a\nb$", "paragraph(inline<a\nb>)"],
    ["$$\na\n\nb\n$$", "display<a\nb>"],
    ["$$a\n= b$$\nc", 'display<a\n= b> paragraph("c")'],
    ["\\[\na\n+ b\n- c\n\\]\nd", 'display<a\n+ b\n- c> paragraph("d")'],
    ["t\n\\[ x \\]\nu", 'paragraph("t") display<x > paragraph("u")'],
    ["\\[\na \\\\[2pt] b \\\\\n\\]", "display<a \\\\[2pt] b \\\\>"],
    ["> \\[\n> x\n> \\]\n> c", 'blockquote(display<x> paragraph("c"))'],
    [
      "- a\n  \\[\n  + x\n  \\]\n- b",
      'list(listItem(paragraph("a") display<+ x>) listItem(paragraph("b")))',
    ],
    ["1. a\n\\[\nx\n\\]", 'list(listItem(paragraph("a"))) display<x>'],
    ["| $x$ |\n|---|", "table(tableRow(tableCell(inline<x>)))"],
    ["\\[\r\nx\r\n\\]\r\n", "display<x>"],
  ])("is in %j", (text, tree) => {
    expect(read(text)).toBe(tree);
  });

  it.each([
    "$5 and $10",
    "$5, $10 and US$20",
    "$5 or $HOME",
    "from $5-$10",
    "$ x $",
    "`\\(x\\)` and `$y$`",
    "$a `b$`",
    "```\n\\[\nx\n\\]\n$$\ny\n$$\n```",
    "    $$\n    x",
    "\\\\(x\\\\)",
    "\\$x\\$",
    "\\(x",
    "$$$x$$$",
  ])("is not in %j", (text) => {
    expect(read(text)).not.toMatch(/<.*>/su);
  });

  it("leaves the emphasis between two prices", () => {
    expect(read("$5 **and** $10")).toBe('paragraph("$5 " strong("and") " $10")');
  });

  it("goes on over blank lines only where its opening stands alone", () => {
    expect(read("\\[\na\n\nb")).toBe("display open<a\nb>");
    expect(read("\\[ a\n\nb")).toBe('display open<a> paragraph("b")');
  });

  it("may be open at the end of a text that grows, and nowhere else", () => {
    expect(read("- \\(a*b*\n- \\(c*d*", true)).toBe(
      'list(listItem(paragraph("(a" emphasis("b"))) listItem(paragraph(inline open<c*d*>)))',
    );
    expect(read("pay $5 *now*", true)).toContain("emphasis");
  });
});
