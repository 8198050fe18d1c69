/** Markdown as models write it, and as they should not. */
export const TEXTS: Readonly<Record<string, string>> = {
  paragraphs: "One **bold** word.\n\nTwo `code` words.\nSame paragraph.\n\nThree.\n",
  headings: "# One\n\ntext\n\n## Two\n\nSetext\n===\n\nafter\n",
  "tight and loose lists": "- a\n- b\n  - c\n\n- d\n\n1. x\n2. y\n\n   more of y\n\nafter\n\n* z\n",
  "a list that ends in emphasis": "- a\n\n**bold** text\n\nmore\n",
  "task list": "- [x] done\n- [ ] open\n\nafter\n",
  "fenced code": "Before\n\n```ts\nconst a = 1;\n\n# not a heading\n```\n\nAfter\n\nEnd\n",
  "unfinished code": "Before\n\n```ts\nconst a = 1;\n\nconst b",
  table: "| a | b |\n|:--|--:|\n| 1 | 2 |\n\nafter\n\n| c |\n|---|\n| d |\n",
  quote: "> a\n> b\n\n> c\n\nafter\n",
  maths: "Inline $E = mc^2$.\n\n$$\na^2\n\nb\n$$\n\nafter\n",
  korean: "**문 열쇠**는 서버만 압니다.\n\n**접속 열쇠**를 가진 사람만 들어옵니다.\n",
  html: "<div>\n\n**a**\n\n</div>\n\n<script>\nalert(1)\n\nmore\n</script>\n\nafter\n",
  "link definitions":
    "See [one] and [two][b].\n\n[one]: https://one.example\n\nThen [one].\n\n[b]: https://two.example\n\nEnd [b].\n",
  "a definition over several lines": '[one]: https://one.example\n"its\ntitle"\n\n[one]\n\nend\n',
  footnotes: "Text[^1] and more.\n\n[^1]: The note.\n\nAfter[^1].\n\nEnd.\n",
  "rules and indented code": "a\n\n---\n\n    code\n\n    more code\n\n***\n\nend\n",
  "carriage returns": "One.\r\n\r\n- a\r\n- b\r\n\r\nTwo.\r\n",
  "maths in brackets":
    "So \\(a_1 * b * c\\) and\n\\[\na\n+ b\n- c\n\\]\nthen\n\n\\[ x = 1 \\]\n\n- in a list\n  \\[\n  y\n  \\]\n\nend\n",
  "maths between dollars on a line": "$$ a = b $$\n\n$$a\n= b$$\n\nCosts $5 and **$10**.\n",
  "maths that never ends": "One.\n\n\\[ a\n\nTwo.\n\n\\[\nb\n\nThree.\n",
  "blocks without blank lines": "# a\ntext\n- b\n- c\n## d\n> e\n```js\nf\n```\n1. g\n***\nh\n",
  "nested lists": "1. a\n   - b\n     1. c\n\n        more\n   - d\n2. e\n\nafter\n\nend\n",
  "chinese and japanese": "这是**重要。**然后\n\n**「鍵」**は*必要*です。\n\n~~古い~~新しい\n",
  "links of all kinds":
    "A [link](https://a.example), https://b.example/x, <https://c.example>.\n\n![image](https://d.example/e.png) end\n\nlast\n",
};
