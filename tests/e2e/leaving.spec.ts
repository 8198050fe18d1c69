/** Signing out: what becomes of the chats that are kept in the browser is the person's to say. */
import { expect, test, type Page } from "playwright/test";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { send, sendAndFinish } from "./chat-page.ts";
import { keptText } from "./kept-text.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

let chain: Chain;

test.beforeAll(async () => {
  chain = await startChain({ engine: "demo", app: { env: { REQUESTS_PER_MINUTE: "0" } } });
});

test.beforeEach(() => setPace(2000));

test.afterAll(() => chain.close());

function setPace(tokensPerSecond: number): void {
  if (chain.demo !== undefined) chain.demo.controls.tokensPerSecond = tokensPerSecond;
}

const signOut = (page: Page): Promise<void> =>
  page.getByRole("button", { name: "Sign out", exact: true }).click();

const choose = (page: Page, name: string): Promise<void> =>
  page.getByRole("dialog", { name: "Sign out" }).getByRole("button", { name }).click();

async function untilSignedOut(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/sign-in$/u);
  const status = await page.evaluate(async () => (await fetch("/api/models")).status);
  expect(status).toBe(401);
}

test("is done at once where no chat is kept, and leaves no draft to the next person", async ({
  page,
}) => {
  await signIn(page, chain);
  const box = page.getByRole("textbox", { name: "Message" });
  await box.fill("a secret draft");
  await expect.poll(() => keptText(page)).toContain("a secret draft");
  await signOut(page);
  await untilSignedOut(page);
  expect(await keptText(page)).not.toContain("secret");
  await signIn(page, chain);
  await expect(box).toHaveValue("");
});

test("keeps the chats when the person says so", async ({ page }) => {
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  await signOut(page);
  await expect(page.getByRole("dialog", { name: "Sign out" })).toContainText("1 chat is kept");
  await choose(page, "Cancel");
  await expect(page.getByRole("dialog", { name: "Sign out" })).toBeHidden();
  await signOut(page);
  await choose(page, "keep chats");
  await untilSignedOut(page);
  await signIn(page, chain);
  await expect(page.getByRole("link", { name: "What is a door?" })).toBeVisible();
});

test("leaves nothing of the chats when the person says so, not even of an answer in progress", async ({
  page,
}) => {
  await signIn(page, chain);
  await sendAndFinish(page, "A secret question");
  await page.getByRole("button", { name: "New chat" }).first().click();
  setPace(20);
  await send(page, "Another secret question");
  await page.getByRole("button", { name: "New chat" }).first().click();
  const box = page.getByRole("textbox", { name: "Message" });
  await box.fill("a secret draft");
  await signOut(page);
  // In the last moment: it waits to be saved when everything is taken away.
  await box.evaluate((field: HTMLTextAreaElement) => {
    field.value = "a later secret draft";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    document.querySelector<HTMLElement>("dialog .sign-out-delete")?.click();
  });
  await untilSignedOut(page);
  const kept = await keptText(page);
  // It would be seen: the database and its stores are there.
  expect(kept.split("\n").length).toBeGreaterThan(3);
  expect(kept).not.toContain("secret");
  await signIn(page, chain);
  await expect(page.getByText("Your chats will be listed here")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveValue("");
});

test("says so when the session could not be ended", async ({ page }) => {
  await signIn(page, chain);
  const box = page.getByRole("textbox", { name: "Message" });
  await box.fill("a secret draft");
  await page.route("**/api/session", (route) => route.fulfill({ status: 503, json: {} }));
  await signOut(page);
  const dialog = page.getByRole("dialog", { name: "Sign out" });
  await expect(dialog.getByRole("alert")).toContainText("you are still signed in");
  // Nothing is lost before it is done.
  await expect(box).toHaveValue("a secret draft");
  await page.unroute("**/api/session");
  await dialog.getByRole("button", { name: "Retry" }).click();
  await untilSignedOut(page);
  expect(await keptText(page)).not.toContain("secret");
});
