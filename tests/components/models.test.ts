import { describe, expect, it } from "vitest";
import { readModels } from "../../components/models.ts";

const model = (name: string, more: object = {}): object => ({
  name,
  size: 522_653_767,
  loaded: false,
  capabilities: ["completion"],
  ...more,
});

function names(body: unknown): string[] {
  const list = readModels(JSON.stringify(body));
  return list.state === "ready" ? list.models.map(({ name }) => name) : [list.state];
}

describe("the list of models", () => {
  it("has those that can chat", () => {
    const models = [model("qwen3:0.6b"), model("embed", { capabilities: ["embedding"] })];
    expect(names({ models, default: "qwen3:0.6b" })).toEqual(["qwen3:0.6b"]);
  });

  it("has those whose abilities Ollama does not tell", () => {
    expect(names({ models: [model("old", { capabilities: [] })], default: null })).toEqual(["old"]);
  });

  it("lives with a model it does not understand", () => {
    expect(names({ models: [null, { size: 1 }, model("good")] })).toEqual(["good"]);
  });

  it.each(["", "<html>", "[]", '{"models":1}', "null"])("is none in %j", (body) => {
    expect(readModels(body)).toMatchObject({ state: "failed", problem: { link: "app" } });
  });
});
