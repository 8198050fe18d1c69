import { describe, expect, it } from "vitest";
import {
  canCallTools,
  canSee,
  canThink,
  takesEfforts,
} from "../../../components/models/abilities.ts";
import { matchModels, shortName } from "../../../components/models/model-name.ts";

const models = [
  { name: "qwen3:0.6b", family: "qwen3", loaded: false, capabilities: ["completion", "thinking"] },
  { name: "llava:latest", family: "llama", loaded: false, capabilities: ["completion", "vision"] },
];

describe("a search", () => {
  it.each([
    ["", ["qwen3:0.6b", "llava:latest"]],
    ["  ", ["qwen3:0.6b", "llava:latest"]],
    ["QWEN", ["qwen3:0.6b"]],
    ["ｑｗｅｎ３", ["qwen3:0.6b"]],
    ["llama vision", ["llava:latest"]],
    ["llama thinking", []],
  ])("for %j finds %j", (query, found) => {
    expect(matchModels(models, query).map(({ name }) => name)).toEqual(found);
  });
});

it("leaves out a tag that says nothing", () => {
  expect(["llava:latest", "a/b:latest-x"].map(shortName)).toEqual(["llava", "a/b:latest-x"]);
});

describe("what a model can", () => {
  it("is told by its capabilities", () => {
    const model = { capabilities: ["completion", "vision"] };
    expect([canSee(model), canThink(model), canCallTools(model)]).toEqual([true, false, false]);
  });

  it("is not known where an older Ollama does not tell", () => {
    const model = { capabilities: [] };
    expect([canSee(model), canThink(model), canCallTools(model)]).toEqual(
      Array.from({ length: 3 }, () => undefined),
    );
  });

  it.each([
    [{ name: "gpt-oss:20b" }, true],
    [{ name: "someone/gpt-oss-tuned:latest" }, true],
    [{ name: "mine:latest", family: "gptoss" }, true],
    [{ name: "qwen3:8b", family: "qwen3" }, false],
    [{ name: "not-gpt-oss:1" }, false],
  ])("of %j, efforts: %s", (model, takes) => {
    expect(takesEfforts(model)).toBe(takes);
  });
});
