import { describe, expect, it } from "vitest";
import { appEnvironment, publicEnvironment } from "../../../gateway/up/environment.ts";

const SETTINGS = {
  doorUrl: "http://127.0.0.1:11435",
  doorKey: "the-door-key",
  sessionSecret: "the-session-secret",
  accessKeyHash: "abc",
};

describe("the app's environment", () => {
  it("leads to the door that up made, whatever the person's own says", () => {
    const environment = appEnvironment(
      {
        OLLAMA_BASE_URL: "https://elsewhere.example",
        OLLAMA_API_KEY: "from-ollama-com",
        OLLAMA_CA: "-----BEGIN",
        SESSION_SECRET: "old",
      },
      SETTINGS,
    );
    expect(environment).toStrictEqual({
      OLLAMA_BASE_URL: "http://127.0.0.1:11435",
      OLLAMA_API_KEY: "the-door-key",
      OLLAMA_CA: "",
      SESSION_SECRET: "the-session-secret",
      ACCESS_KEYS: "owner:owner:abc",
    });
  });

  it("adds access keys that are already named", () => {
    const { ACCESS_KEYS } = appEnvironment({ ACCESS_KEYS: " ann:guest:def " }, SETTINGS);
    expect(ACCESS_KEYS).toBe("owner:owner:abc,ann:guest:def");
  });

  it("hands everything else on", () => {
    const own = { MAX_ACTIVE: "4", ALLOWED_MODELS_GUEST: "a", PATH: "/bin", NODE_ENV: "test" };
    const { NODE_ENV: _, ...kept } = own;
    expect(appEnvironment(own, SETTINGS)).toMatchObject(kept);
    expect(appEnvironment(own, SETTINGS)).not.toHaveProperty("NODE_ENV");
  });
});

it("door, engine and build get nothing secret", () => {
  const environment = publicEnvironment({
    OLLAMA_API_KEY: "a",
    SESSION_SECRET: "b",
    ACCESS_KEYS: "c",
    KV_REST_API_TOKEN: "d",
    UPSTASH_REDIS_REST_TOKEN: "e",
    OLLAMA_MODELS: "/models",
    PATH: "/bin",
    EMPTY: undefined,
  });
  expect(environment).toStrictEqual({ OLLAMA_MODELS: "/models", PATH: "/bin" });
});
