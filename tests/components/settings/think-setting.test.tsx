import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ThinkSetting } from "../../../components/settings/think-setting.tsx";
import type { Think } from "../../../lib/chat.ts";

const THINKS = ["completion", "thinking"];

/** The choices, the one that is made in brackets. */
function choicesOf(name: string, capabilities: readonly string[], value?: Think): string[] {
  const model = { name, loaded: false, capabilities };
  const html = renderToStaticMarkup(
    <ThinkSetting model={model} value={value} onChange={() => undefined} />,
  );
  return [...html.matchAll(/<input(?<field>[^>]*)>(?<label>[^<]*)/gu)].map(({ groups }) =>
    groups?.["field"]?.includes("checked") ? `[${groups["label"]}]` : `${groups?.["label"]}`,
  );
}

describe("the choice of thinking", () => {
  it.each([
    ["qwen3:8b", undefined, ["[Default]", "Off", "On"]],
    ["qwen3:8b", false, ["Default", "[Off]", "On"]],
    ["gpt-oss:20b", "max", ["Default", "Low", "Medium", "High", "[Max]"]],
  ] as const)("of %s set to %j is %j", (name, value, choices) => {
    expect(choicesOf(name, THINKS, value)).toEqual(choices);
  });

  it.each([
    ["qwen3:8b", "high", ["Default", "Off", "[On]"]],
    ["gpt-oss:20b", true, ["[Default]", "Low", "Medium", "High", "Max"]],
  ] as const)("of %s shows another model's %j as it takes it: %j", (name, value, choices) => {
    expect(choicesOf(name, THINKS, value)).toEqual(choices);
  });

  it("is not there for a model that cannot, or of which nobody knows", () => {
    expect(choicesOf("llava", ["completion"], true)).toEqual([]);
    expect(choicesOf("old", [])).toEqual([]);
  });
});
