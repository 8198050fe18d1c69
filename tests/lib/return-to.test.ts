import { describe, expect, it } from "vitest";
import { isChatId, returnPath, signInPath } from "../../lib/return-to.ts";

describe("the way back after signing in", () => {
  it.each(["/c/a", "/c/some_Chat-1", `/c/${"x".repeat(64)}`])("is the chat %s", (path) => {
    expect(returnPath(path)).toBe(path);
    expect(signInPath("/sign-in", path)).toBe(`/sign-in?to=${path}`);
  });

  it.each([
    "",
    "/",
    "c/a",
    "//evil.example",
    "//evil.example/c/a",
    "///evil.example/c/a",
    "/\\evil.example",
    "\\\\evil.example",
    "/c/\\evil.example",
    "/%2fevil.example",
    "/%5cevil.example",
    "/c/%2e%2e%2f%2fevil.example",
    "/c/..//evil.example",
    "/c/../sign-in",
    "/c/.",
    "/c/a/",
    "/c/a/b",
    "/c//a",
    "/C/a",
    "/c/a?to=/c/b",
    "/c/a#KEY",
    "/c/a@evil.example",
    "/c/a:80",
    "https://evil.example/c/a",
    "https:/c/a",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,hello",
    "/c/a\n",
    "/c/a\r\nlocation: https://evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    " /c/a",
    "/c/a ",
    "/c/a\0",
    "/c/é",
    "/c/\u202Ea",
    "/c/a\u2028",
    "/api/session",
    `/c/${"x".repeat(65)}`,
    `/c/${"x".repeat(1_000_000)}`,
  ])("is the new chat for %j", (path) => {
    expect(returnPath(path)).toBe("/");
    expect(signInPath("/sign-in", path)).toBe("/sign-in");
  });

  it.each([undefined, null, 1, ["/c/a"], ["/c/a", "//evil.example"], { to: "/c/a" }])(
    "is the new chat for what is no text: %j",
    (wanted) => {
      expect(returnPath(wanted)).toBe("/");
    },
  );
});

describe("the name of a chat", () => {
  it.each(["", ".", "..", "a.b", "a/b", "a b", "a%41", "a\n", "é", "x".repeat(65)])(
    "is not %j",
    (text) => {
      expect(isChatId(text)).toBe(false);
    },
  );

  it("is of the same letters as in the way back", () => {
    for (const id of ["a", "Z-9_", "x".repeat(64)]) {
      expect(isChatId(id)).toBe(true);
      expect(returnPath(`/c/${id}`)).toBe(`/c/${id}`);
    }
  });
});
