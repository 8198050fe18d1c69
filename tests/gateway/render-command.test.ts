import { describe, expect, it } from "vitest";
import { lineDiff } from "../../gateway/door/line-diff.ts";
import { rendererOf } from "../../gateway/door/program.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";

describe("a diff by lines", () => {
  it("shows what goes and comes with the line around it", () => {
    const before = "a\nb\nc\nd\ne\nf\ng\nh\n";
    expect(lineDiff(before, "a\nb\nC\nd\ne\nf\ng\nnew\nh\n")).toStrictEqual([
      "  b",
      "- c",
      "+ C",
      "  d",
      "...",
      "  g",
      "+ new",
      "  h",
    ]);
  });

  it("is empty where nothing differs", () => {
    expect(lineDiff("a\nb\n", "a\nb\n")).toStrictEqual([]);
  });

  it("shows all of what comes to an empty file", () => {
    expect(lineDiff("", "a\n")).toStrictEqual(["- ", "+ a"]);
  });
});

describe("a server that is not on this computer", () => {
  it.each(["caddy", "nginx"] as const)(
    "%s is rendered for all the same, without plugins",
    (kind) => {
      const spec = parseSpec({ server: kind, limits: { requestsPerMinute: 5 } });
      const text = rendererOf(kind).render(spec);
      expect(text).toContain("Written by Latchkey");
      expect(text).not.toContain("rate_limit");
    },
  );
});
