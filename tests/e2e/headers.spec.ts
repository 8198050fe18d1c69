/** What pages may do, by the headers that a production build really sends, and by what Chromium makes of them. */
import { expect, test, type APIRequestContext, type APIResponse } from "playwright/test";
import { startApp, type App } from "../helpers/app.ts";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { sendAndFinish } from "./chat-page.ts";
import { watchComplaints } from "./complaints.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

let chain: Chain;
let notSetUp: App;
let stack: AsyncDisposableStack;

test.beforeAll(async () => {
  stack = new AsyncDisposableStack();
  chain = stack.adopt(await startChain({ engine: "demo" }), (each) => each.close());
  notSetUp = stack.adopt(await startApp({ env: {} }), (each) => each.close());
  if (chain.demo !== undefined) chain.demo.controls.tokensPerSecond = 400;
});

test.afterAll(() => stack.disposeAsync());

interface Kind {
  readonly name: string;
  readonly path: string;
  readonly status: number;
  readonly signedIn?: true;
  readonly isSetUp?: false;
}

/** Every kind of page. A new screen with an address of its own gets a line here. */
const KINDS: readonly Kind[] = [
  { name: "sign-in", path: "/sign-in", status: 200 },
  { name: "a new chat", path: "/", status: 200, signedIn: true },
  { name: "a kept chat", path: "/c/some_Chat-1", status: 200, signedIn: true },
  { name: "an address that is no chat's", path: "/c/some.chat", status: 404, signedIn: true },
  { name: "an address that leads nowhere", path: "/nowhere", status: 404, signedIn: true },
  { name: "an app that is not set up", path: "/", status: 503, isSetUp: false },
];

function addressOf({ isSetUp, path }: Kind): string {
  return (isSetUp === false ? notSetUp : chain.app).url + path;
}

/** The cookie is kept with the test's other ones; a page of it has the same. */
async function enter(request: APIRequestContext, { signedIn }: Kind): Promise<void> {
  if (signedIn !== true) return;
  await request.post(`${chain.app.url}/api/session`, { data: { key: chain.accessKey } });
}

function policyOf(response: APIResponse): ReadonlyMap<string, string> {
  const policy = response.headers()["content-security-policy"] ?? "";
  return new Map(
    policy.split("; ").map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
  );
}

function nonceOf(response: APIResponse): string {
  return /'nonce-([^']+)'/u.exec(policyOf(response).get("style-src") ?? "")?.[1] ?? "";
}

for (const kind of KINDS) {
  test.describe(kind.name, () => {
    test("is sent with a strict policy, and kept by nobody", async ({ request }) => {
      await enter(request, kind);
      const response = await request.get(addressOf(kind));
      expect(response.status()).toBe(kind.status);
      const policy = policyOf(response);
      expect(policy.get("default-src")).toBe("'none'");
      if (kind.isSetUp !== false) {
        expect(policy.get("script-src")).toBe(`'nonce-${nonceOf(response)}' 'strict-dynamic'`);
        expect(policy.get("require-trusted-types-for")).toBe("'script'");
      }
      for (const directive of ["base-uri", "frame-ancestors", "object-src"]) {
        expect([directive, policy.get(directive)]).toEqual([directive, "'none'"]);
      }
      expect([...policy.values()].join(" ")).not.toMatch(/unsafe|https?:|\*/u);
      // This one came by plain HTTP: an upgrade would make the phone on the same network see nothing.
      expect(policy.has("upgrade-insecure-requests")).toBe(false);
      expect(response.headers()["strict-transport-security"]).toBeUndefined();
      expect(response.headers()).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "origin-agent-cluster": "?1",
        "permissions-policy": expect.stringContaining("camera=()"),
        "cache-control": expect.stringContaining("no-store"),
        "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/u),
      });
    });

    test("carries another nonce each time, on each script and style", async ({ request }) => {
      await enter(request, kind);
      const seen = new Set<string>();
      for (const response of [
        await request.get(addressOf(kind)),
        await request.get(addressOf(kind)),
      ]) {
        const nonce = nonceOf(response);
        expect(Buffer.from(nonce, "base64")).toHaveLength(16);
        seen.add(nonce);
        const html = await response.text();
        const tags = html.match(/<(?:script|style)\b[^>]*>/gu) ?? [];
        expect(tags.length).toBeGreaterThan(0);
        expect(tags.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
        // The policy would refuse them: what they are for would be lost.
        expect(html.match(/<[a-z][^>]*\s(?:style|on[a-z]+)="/giu)).toBeNull();
      }
      expect(seen.size).toBe(2);
    });

    test("gives the browser nothing to complain of", async ({ page }) => {
      await enter(page.request, kind);
      const complaints = await watchComplaints(page, [kind.status]);
      await page.goto(addressOf(kind), { waitUntil: "networkidle" });
      await expect(page.getByRole("main")).toHaveCount(1);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      expect(complaints).toEqual([]);
    });
  });
}

test("over HTTPS on a public name, the browser is held to it", async ({ request }) => {
  const headers = { "x-forwarded-proto": "https", host: "chat.example.org" };
  const response = await request.get(`${chain.app.url}/sign-in`, { headers });
  expect(response.headers()["strict-transport-security"]).toBe("max-age=63072000");
  expect(policyOf(response).has("upgrade-insecure-requests")).toBe(true);
});

test("files keep their long life, and no answer is guessed at", async ({ request }) => {
  const html = await (await request.get(`${chain.app.url}/sign-in`)).text();
  const script = /src="(\/_next\/static\/[^"]+)"/u.exec(html)?.[1] ?? "";
  const file = await request.get(chain.app.url + script);
  expect(file.headers()).toMatchObject({
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
  });
  for (const path of ["/api/health", "/v1/models", "/ollama/api/tags", "/icon.svg"]) {
    const answer = await request.get(chain.app.url + path);
    expect([path, answer.headers()["x-content-type-options"]]).toEqual([path, "nosniff"]);
    expect(answer.headers()["x-frame-options"]).toBe("DENY");
    if (path === "/icon.svg") continue;
    expect(policyOf(answer).get("default-src")).toBe("'none'");
    expect(policyOf(answer).get("sandbox")).toBe("");
  }
});

test("a whole chat gives the browser nothing to complain of", async ({ page }) => {
  const complaints = await watchComplaints(page);
  await signIn(page, chain);
  await sendAndFinish(page, "What does Latchkey do?");
  await sendAndFinish(page, "Show me code, a table and a formula.");
  expect(complaints).toEqual([]);
});
