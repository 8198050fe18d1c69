import { describe, expect, it } from "vitest";
import { keepList, readModels, type ModelList } from "../../../components/models/models.ts";
import { chooseFrom } from "../../../components/models/use-models.ts";
import { appFailed } from "../../../components/chats/problem.ts";

const model = (name: string, more: object = {}): object => ({
  name,
  size: 522_653_767,
  loaded: false,
  capabilities: ["completion"],
  ...more,
});

const listOf = (body: unknown): ModelList => readModels(JSON.stringify(body));

function names(body: unknown): string[] {
  const list = listOf(body);
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

  it("tells of a model what the app tells", () => {
    const told = {
      name: "qwen3:8b",
      size: 5_200_000_000,
      family: "qwen3",
      parameters: "8.2B",
      quantisation: "Q4_K_M",
      contextLength: 40_960,
      loaded: true,
      loadedContextLength: 4096,
      capabilities: ["completion", "thinking"],
    };
    const expiresAt = "2026-11-29T23:18:34.123456789+09:00";
    expect(listOf({ models: [{ ...told, expiresAt }] })).toMatchObject({
      models: [{ ...told, expiresAt: Date.UTC(2026, 10, 29, 14, 18, 34, 123) }],
    });
  });

  it.each(["", "unknown"])("leaves out what the app does not know (%j)", (quantisation) => {
    const unknown = { size: 0, family: "", parameters: "", expiresAt: null };
    expect(listOf({ models: [model("a:latest", { ...unknown, quantisation })] })).toEqual({
      state: "ready",
      models: [{ name: "a:latest", loaded: false, capabilities: ["completion"] }],
    });
  });

  it.each(["", "<html>", "[]", '{"models":1}', "null"])("is none in %j", (body) => {
    expect(readModels(body)).toMatchObject({ state: "failed", problem: { link: "app" } });
  });

  it("stays, with the reason, when asking again fails", () => {
    const before = listOf({ models: [model("a:latest")] });
    const problem = appFailed();
    const failed = { state: "failed", problem } as const;
    expect(keepList(before, failed)).toEqual({ ...before, problem });
    expect(keepList({ ...before, ...failed }, before)).toBe(before);
    expect(keepList({ state: "loading" }, failed)).toBe(failed);
  });
});

describe("the model in use", () => {
  const list = listOf({ models: [model("a:latest"), model("b:1"), model("c:1")], default: "b:1" });

  it.each([
    ["the chat's own", "c:1", "a:latest", "c:1", undefined],
    ["the one remembered", undefined, "a:latest", "a:latest", undefined],
    ["the app's default", undefined, undefined, "b:1", undefined],
    ["what a name without a tag means", "a", undefined, "a:latest", undefined],
    ["another when the chat's is gone", "gone:1", "c:1", "c:1", "gone:1"],
    ["the default when the one remembered is gone", undefined, "gone:1", "b:1", undefined],
  ])("is %s", (_which, wanted, remembered, chosen, missing) => {
    expect(chooseFrom(list, wanted, remembered)).toMatchObject({
      chosen,
      inUse: { name: chosen },
      missing,
    });
  });

  it("is what was chosen before while nothing is known", () => {
    const chosen = "a:latest";
    expect(chooseFrom({ state: "loading" }, undefined, chosen)).toMatchObject({ chosen });
  });

  it("is none where there is none", () => {
    expect(chooseFrom(listOf({ models: [] }), undefined, "a")).toMatchObject({ chosen: undefined });
  });
});
