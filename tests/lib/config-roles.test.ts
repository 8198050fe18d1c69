import { describe, expect, it } from "vitest";
import { configFor } from "./door-config.ts";

const rolesWith = (more: Record<string, string>) => configFor("http://127.0.0.1:9", more).roles;

describe("what a role may do", () => {
  it("has the contract's defaults", () => {
    expect(rolesWith({})).toEqual({
      owner: { requestsPerMinute: 30, tokensPerDay: 0 },
      member: { requestsPerMinute: 30, tokensPerDay: 0 },
      guest: { requestsPerMinute: 10, tokensPerDay: 20_000 },
    });
  });

  it("is set for all at once, and for one by its own variable", () => {
    const roles = rolesWith({
      REQUESTS_PER_MINUTE: "5",
      REQUESTS_PER_MINUTE_OWNER: "0",
      TOKENS_PER_DAY_MEMBER: "1000",
      ALLOWED_MODELS: "a,b",
      ALLOWED_MODELS_GUEST: "a",
    });
    expect(roles).toEqual({
      owner: { requestsPerMinute: 0, tokensPerDay: 0, allowedModels: ["a", "b"] },
      member: { requestsPerMinute: 5, tokensPerDay: 1_000, allowedModels: ["a", "b"] },
      guest: { requestsPerMinute: 5, tokensPerDay: 20_000, allowedModels: ["a"] },
    });
  });

  it("does not grow for guests, who may be strangers, but by their own variable", () => {
    const roomy = { REQUESTS_PER_MINUTE: "1000", TOKENS_PER_DAY: "0" };
    expect(rolesWith(roomy).guest).toEqual({ requestsPerMinute: 10, tokensPerDay: 20_000 });
    const own = { ...roomy, REQUESTS_PER_MINUTE_GUEST: "1000", TOKENS_PER_DAY_GUEST: "0" };
    expect(rolesWith(own).guest).toEqual({ requestsPerMinute: 1_000, tokensPerDay: 0 });
  });
});
