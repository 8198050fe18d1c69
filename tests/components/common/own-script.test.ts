import { describe, expect, it } from "vitest";
import { isOwnScript } from "../../../components/common/own-script.ts";

const ORIGIN = "https://chat.example.org";

describe("a script of the app's own", () => {
  it.each([
    "/_next/static/chunks/a.js",
    "/_next/static/chunks/a.js?dpl=dpl_1",
    `${ORIGIN}/_next/static/chunks/a.js`,
  ])("is %s", (url) => {
    expect(isOwnScript(url, ORIGIN)).toBe(true);
  });

  it.each([
    "",
    "/api/chat",
    "/_next/image",
    "/_next/static/../../api/chat",
    "/_next/static/..\\..\\api/chat",
    "/_next/static/%2e%2e/%2e%2e/api/chat",
    "//evil.example/_next/static/a.js",
    "/\\evil.example/_next/static/a.js",
    "https://evil.example/_next/static/a.js",
    `${ORIGIN}.evil.example/_next/static/a.js`,
    `${ORIGIN}@evil.example/_next/static/a.js`,
    "http://chat.example.org/_next/static/a.js",
    "data:text/javascript,alert(1)",
    "blob:https://chat.example.org/_next/static/a.js",
    "https://",
  ])("is not %s", (url) => {
    expect(isOwnScript(url, ORIGIN)).toBe(false);
  });
});
