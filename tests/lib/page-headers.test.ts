import { describe, expect, it } from "vitest";
import { makeNonce, pagePolicy, setPageHeaders, setupPolicy } from "../../lib/page-headers.ts";

const situation = { nonce: "AAAAAAAAAAAAAAAAAAAAAA==", isSecure: false, isDevelopment: false };

describe("the policy of a page", () => {
  it("is strict where people use it", () => {
    expect(pagePolicy(situation).split("; ")).toEqual([
      "default-src 'none'",
      "script-src 'nonce-AAAAAAAAAAAAAAAAAAAAAA==' 'strict-dynamic'",
      "style-src 'self' 'nonce-AAAAAAAAAAAAAAAAAAAAAA=='",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "manifest-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "object-src 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types default",
    ]);
  });

  it("lets Next's development server work, and that one alone", () => {
    const policy = pagePolicy({ ...situation, isDevelopment: true });
    expect(policy).toContain("'unsafe-eval'");
    expect(policy).toContain("connect-src 'self' ws: wss:");
    expect(policy).not.toContain("trusted-types");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it("upgrades requests only where the page came by HTTPS", () => {
    expect(pagePolicy(situation)).not.toContain("upgrade-insecure-requests");
    expect(pagePolicy({ ...situation, isSecure: true })).toMatch(/; upgrade-insecure-requests$/u);
  });

  it("of an app that is not set up has one style and nothing else", () => {
    const policy = setupPolicy(situation.nonce);
    expect(policy).toContain("default-src 'none'; style-src 'nonce-AAAAAAAAAAAAAAAAAAAAAA==';");
    expect(policy).not.toContain("script-src");
    expect(policy).not.toContain("'self'");
  });
});

describe("a nonce", () => {
  it("is 128 bits of chance", () => {
    const nonces = Array.from({ length: 100 }, makeNonce);
    expect(new Set(nonces).size).toBe(100);
    for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/u);
  });
});

describe("being held to HTTPS", () => {
  const heldTo = (isSecure: boolean, host: string): string | null => {
    const headers = new Headers();
    setPageHeaders(headers, isSecure, host);
    return headers.get("strict-transport-security");
  };

  it.each(["chat.example.org", "chat.example.org:8443", "home", "1password.example"])(
    "comes of HTTPS on the name %s",
    (host) => {
      expect(heldTo(true, host)).toBe("max-age=63072000");
      expect(heldTo(false, host)).toBeNull();
    },
  );

  it.each(["", "localhost", "LOCALHOST:3000", "app.localhost", "127.0.0.1:3000", "[::1]:3000"])(
    "never comes on %j",
    (host) => {
      expect(heldTo(true, host)).toBeNull();
    },
  );
});
