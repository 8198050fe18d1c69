import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { MemoryState } from "../../../components/models/memory.ts";
import { ModelOption } from "../../../components/models/model-option.tsx";
import type { ListedModel } from "../../../components/models/models.ts";
import { appFailed } from "../../../components/chats/problem.ts";

const NOW = Date.UTC(2026, 10, 29);
const FULL: ListedModel = {
  name: "llava:latest",
  size: 4_733_363_377,
  parameters: "7.2B",
  quantisation: "Q4_0",
  contextLength: 32_768,
  loaded: true,
  expiresAt: NOW + 4 * 60_000,
  capabilities: ["completion", "vision"],
};

/** What a person reads in the row, a space where one piece ends. */
function rowOf(model: ListedModel, memory?: MemoryState): string {
  const nothing = () => undefined;
  const html = renderToStaticMarkup(
    <ModelOption
      id="a"
      model={model}
      memory={memory}
      chosen={false}
      active={false}
      now={NOW}
      onPoint={nothing}
      onTake={nothing}
    />,
  );
  return html
    .replaceAll(/<[^>]*>/gu, " ")
    .replaceAll(/\s+/gu, " ")
    .trim();
}

describe("a model's row", () => {
  it("tells what is known of it", () => {
    const facts = "4.7 GB · 7.2B parameters · Q4_0 · 32K context";
    expect(rowOf(FULL)).toBe(`llava ${facts} Vision ready, unloads in 4 min`);
  });

  it("tells nothing of what is not known", () => {
    expect(rowOf({ name: "old:1b", loaded: false, capabilities: [] })).toBe("old:1b not loaded");
  });

  it("tells what is being done to it, and why that failed", () => {
    const failed = { state: "failed", action: "load", problem: appFailed() } as const;
    expect(rowOf(FULL, { state: "unloading" })).toMatch(/Vision unloading$/u);
    expect(rowOf(FULL, failed)).toContain(`${appFailed().message} ${appFailed().fix}`);
  });
});
