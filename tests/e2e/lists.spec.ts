/** The list of chats: found, named, pinned, taken away and brought back; and a chat that leaves no trace. */
import { expect, test, type Locator, type Page } from "playwright/test";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { lastReply, questions, ready, sendAndFinish, sendAndWatchBegin } from "./chat-page.ts";
import { keptText } from "./kept-text.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

test.use({ viewport: { width: 1280, height: 860 } });

let chain: Chain;

test.beforeAll(async () => {
  chain = await startChain({ engine: "demo", app: { env: { REQUESTS_PER_MINUTE: "0" } } });
});

test.beforeEach(() => setPace(2000));

test.afterAll(() => chain.close());

function setPace(tokensPerSecond: number): void {
  if (chain.demo !== undefined) chain.demo.controls.tokensPerSecond = tokensPerSecond;
}

const list = (page: Page): Locator => page.getByRole("navigation", { name: "Chats" });
const rows = (page: Page): Locator => list(page).locator('a[href^="/c/"]');

async function startNew(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New chat" }).click();
  await expect(questions(page)).toHaveCount(0);
}

async function twoChats(page: Page): Promise<void> {
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  await startNew(page);
  await sendAndFinish(page, "Tell me of keys");
  await expect(rows(page)).toHaveCount(2);
}

async function choose(page: Page, title: string, action: string): Promise<void> {
  await list(page)
    .getByRole("button", { name: `More for ${title}` })
    .click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

test("chats are listed by day, the newest first, and open without a load", async ({ page }) => {
  await twoChats(page);
  await expect(list(page)).toContainText("Today");
  await expect(rows(page)).toHaveText([/Tell me of keys/u, /What is a door\?/u]);
  await page.evaluate(() => Object.assign(globalThis, { samePage: true }));
  await rows(page).last().click();
  await expect(questions(page)).toHaveText([/What is a door\?/u]);
  await expect(page).toHaveTitle("What is a door? · Latchkey");
  await page.goBack();
  await expect(questions(page)).toHaveText([/Tell me of keys/u]);
  expect(await page.evaluate(() => Reflect.get(globalThis, "samePage"))).toBe(true);
});

test("words are found in titles and texts", async ({ page }) => {
  await twoChats(page);
  await page.keyboard.press("ControlOrMeta+k");
  const search = page.getByRole("searchbox", { name: "Search chats" });
  await expect(search).toBeFocused();
  await search.fill("DOOR?");
  await expect(rows(page)).toHaveText([/What is a door\?/u]);
  await search.fill("demo engine");
  await expect(rows(page)).toHaveCount(2);
  await expect(list(page).locator("mark").first()).toBeVisible();
  await search.fill("nobody said this");
  await expect(list(page)).toContainText("Nothing found");
  await search.press("Escape");
  await expect(rows(page)).toHaveCount(2);
});

test("a chat is renamed, and keeps its name after a reload", async ({ page }) => {
  await twoChats(page);
  await choose(page, "What is a door?", "Rename");
  const field = page.getByRole("textbox", { name: "Title of the chat" });
  await field.fill("Doors of oak");
  await field.press("Enter");
  await expect(rows(page)).toHaveText([/Tell me of keys/u, /Doors of oak/u]);
  await rows(page).last().click();
  await expect(page).toHaveTitle("Doors of oak · Latchkey");
  await choose(page, "Doors of oak", "Rename");
  await field.fill("Gates of oak");
  await field.press("Enter");
  await expect(page).toHaveTitle("Gates of oak · Latchkey");
  await choose(page, "Gates of oak", "Rename");
  await field.fill("Doors of oak");
  await field.press("Enter");
  await page.reload();
  await ready(page);
  await expect(rows(page)).toHaveText([/Tell me of keys/u, /Doors of oak/u]);
});

test("a pinned chat stands first", async ({ page }) => {
  await twoChats(page);
  await choose(page, "What is a door?", "Pin");
  await expect(rows(page)).toHaveText([/What is a door\?/u, /Tell me of keys/u]);
  await expect(list(page)).toContainText("Pinned");
});

test("a deleted chat is gone, and comes back with Undo", async ({ page }) => {
  await twoChats(page);
  await choose(page, "What is a door?", "Delete");
  await expect(rows(page)).toHaveText([/Tell me of keys/u]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(rows(page)).toHaveCount(2);
  await rows(page).last().click();
  await expect(questions(page)).toHaveText([/What is a door\?/u]);
  await expect(lastReply(page)).toHaveAttribute("data-state", "done");
});

test("the open chat deleted while it is answered stops, and stays away", async ({ page }) => {
  await signIn(page, chain);
  setPace(30);
  await sendAndWatchBegin(page, "What is a door?");
  await choose(page, "What is a door?", "Delete");
  await expect(questions(page)).toHaveCount(0);
  const asked = () => chain.demo?.requests.findLast(({ path }) => path === "/api/chat");
  await expect.poll(() => asked()?.closedAt).toBeDefined();
  expect(asked()?.aborted).toBe(true);
  await page.reload();
  await ready(page);
  await expect(rows(page)).toHaveCount(0);
});

test("a whole chat is copied as Markdown", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await twoChats(page);
  await choose(page, "What is a door?", "Copy chat");
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/^# What is a door\?[\s\S]*## You\n\nWhat is a door\?[\s\S]*## Answer/u);
});

test("a temporary chat leaves no trace", async ({ page }) => {
  await signIn(page, chain);
  await page.getByRole("button", { name: "Temporary chat" }).click();
  await expect(page.getByRole("heading", { name: "A chat that leaves no trace" })).toBeVisible();
  await sendAndFinish(page, "A secret of mine");
  await expect(page).toHaveURL(`${chain.app.url}/`);
  await expect(rows(page)).toHaveCount(0);
  const kept = await keptText(page);
  // It would be seen: the database and its stores are there.
  expect(kept.split("\n").length).toBeGreaterThan(3);
  expect(kept).not.toContain("A secret of mine");
  await page.reload();
  await ready(page);
  await expect(questions(page)).toHaveCount(0);
});

test("a temporary chat that is left stops, since nobody could stop it any more", async ({
  page,
}) => {
  await signIn(page, chain);
  setPace(20);
  await page.getByRole("button", { name: "Temporary chat" }).click();
  await sendAndWatchBegin(page, "A secret of mine");
  await page.getByRole("button", { name: "New chat" }).first().click();
  await expect(questions(page)).toHaveCount(0);
  const asked = () => chain.demo?.requests.findLast(({ path }) => path === "/api/chat");
  await expect.poll(() => asked()?.aborted).toBe(true);
});

test("on a phone the list is a drawer that gives the focus back", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  const button = page.getByRole("button", { name: "Chats", exact: true });
  await button.click();
  const row = page.locator('a[href^="/c/"]');
  await expect(row).toHaveText([/What is a door\?/u]);
  await page.keyboard.press("Escape");
  await expect(row).toBeHidden();
  await expect(button).toBeFocused();
});
