/** For everybody: the keyboard alone, a reader that hears, fingers that zoom, any width, no motion. */
import { expect, test, type Page } from "playwright/test";
import { z } from "zod";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { lastReply, ready, sendAndFinish } from "./chat-page.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

let chain: Chain;

test.beforeAll(async () => {
  const env = { OLLAMA_MODEL: "latchkey-demo-thinking", REQUESTS_PER_MINUTE: "0" };
  chain = await startChain({ engine: "demo", app: { env } });
});

test.afterAll(() => chain.close());

function setPace(tokensPerSecond: number): void {
  if (chain.demo !== undefined) chain.demo.controls.tokensPerSecond = tokensPerSecond;
}

/** Goes on with Tab until something with this name has the focus. */
async function tabTo(page: Page, name: RegExp, key = "Tab"): Promise<void> {
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
    });
  for (let step = 0; step < 40; step += 1) {
    if (name.test(await focused())) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab leads to nothing named ${name}`);
}

test("all of it works by keyboard alone", async ({ page }) => {
  setPace(2000);
  await page.goto(`${chain.app.url}/sign-in`);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  await page.getByLabel("Access key").focus();
  await page.keyboard.type(chain.accessKey);
  await page.keyboard.press("Enter");
  await ready(page);

  // The composer has the focus.
  await page.keyboard.type("What is a door?");
  await page.keyboard.press("Enter");
  await expect(lastReply(page)).toHaveAttribute("data-state", "done", { timeout: 30_000 });

  await tabTo(page, /^Regenerate$/u, "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("group", { name: "Version 2 of 2" })).toBeVisible();
  await expect(lastReply(page)).toHaveAttribute("data-state", "done", { timeout: 30_000 });

  await tabTo(page, /^Edit$/u, "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.type(" And a gate?");
  await page.keyboard.press("Enter");
  await expect(page.locator('article[data-role="user"]')).toHaveText([/And a gate\?/u]);
  await expect(lastReply(page)).toHaveAttribute("data-state", "done", { timeout: 30_000 });

  await tabTo(page, /^Model/u, "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("combobox", { name: "Search models" })).toBeFocused();
  await page.keyboard.type("tools");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^Model/u })).toContainText("latchkey-demo-tools");
  await tabTo(page, /^Settings of this chat/u);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("button", { name: /^Settings of this chat/u })).toBeFocused();
});

test("who listens is told of the wait, the beginning and the end, and of nothing between", async ({
  page,
}) => {
  setPace(40);
  await signIn(page, chain);
  await page.evaluate(() => {
    const told: string[] = [];
    const region = document.querySelector('[role="status"][data-phase]');
    const heard = (): string =>
      [...(region?.querySelectorAll(":scope > :not([aria-hidden])") ?? [])]
        .map((each) => each.textContent ?? "")
        .join("");
    if (region === null) throw new Error("no status");
    new MutationObserver(() => {
      const now = heard();
      if (now !== "" && now !== told.at(-1)) told.push(now);
    }).observe(region, { childList: true, subtree: true, characterData: true });
    Object.assign(globalThis, { latchkeyTold: told });
  });
  await sendAndFinish(page, "What is a door?");
  const told = z
    .array(z.string())
    .parse(await page.evaluate(() => Reflect.get(globalThis, "latchkeyTold")));
  expect(told).toEqual(["Waiting for the model", "The answer begins", "The answer is complete"]);
  await expect(page.getByRole("log")).toHaveAttribute("aria-live", "off");
});

test("fingers may zoom, and a phone's keyboard makes the page smaller in place of covering it", async ({
  page,
}) => {
  await signIn(page, chain);
  const viewport = await page.locator('meta[name="viewport"]').getAttribute("content");
  expect(viewport).not.toMatch(/maximum-scale|user-scalable/u);
  expect(viewport).toContain("interactive-widget=resizes-content");
});

test("nothing moves for who wants no motion", async ({ page }) => {
  setPace(40);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await signIn(page, chain);
  await page.getByRole("textbox", { name: "Message" }).fill("What is a door?");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(lastReply(page)).toHaveAttribute("data-state", "streaming");
  const moving = await page.evaluate(
    () =>
      document.getAnimations().filter((each) => {
        const { duration = 0 } = each.effect?.getComputedTiming() ?? {};
        return each.playState === "running" && Number(duration) > 10;
      }).length,
  );
  expect(moving).toBe(0);
});

for (const [width, height] of [
  [320, 640],
  [390, 844],
  [1280, 860],
  [3840, 2160],
] as const) {
  test(`at ${width} pixels nothing is cut off`, async ({ page }) => {
    setPace(2000);
    await page.setViewportSize({ width, height });
    await signIn(page, chain);
    await sendAndFinish(page, "What is a door?");
    const tooWide = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(tooWide).toBeLessThanOrEqual(0);
    for (const name of ["Send", "Model", "Chats", "Settings of this chat"]) {
      const button = page.getByRole("button", { name: new RegExp(`^${name}`, "u") }).first();
      await expect(button).toBeInViewport();
    }
    await expect(page.getByRole("textbox", { name: "Message" })).toBeInViewport();
  });
}
