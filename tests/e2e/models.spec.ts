/** Which model answers, what is known of it, and what a chat asks it with. */
import { expect, test, type Locator, type Page } from "playwright/test";
import { z } from "zod";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { ready, send, sendAndFinish } from "./chat-page.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

let chain: Chain;

test.beforeAll(async () => {
  const env = { OLLAMA_MODEL: "latchkey-demo", REQUESTS_PER_MINUTE: "0" };
  chain = await startChain({ engine: "demo", app: { env } });
  if (chain.demo !== undefined) {
    Object.assign(chain.demo.controls, { tokensPerSecond: 2000, loadMs: 50 });
  }
});

test.afterAll(() => chain.close());

const picker = (page: Page): Locator => page.getByRole("button", { name: /^Model/u });
const option = (page: Page, name: string): Locator => page.getByRole("option", { name });

test("a model is found by its name, chosen by keyboard, warmed up and let go of", async ({
  page,
}) => {
  await signIn(page, chain);
  await picker(page).click();
  const search = page.getByRole("combobox", { name: "Search models" });
  await expect(search).toBeFocused();
  await expect(page.getByRole("option")).toHaveCount(3);
  await search.fill("thinking");
  await expect(page.getByRole("option")).toHaveCount(1);
  await expect(option(page, "latchkey-demo-thinking")).toContainText("Thinking");
  await search.press("Enter");
  await expect(picker(page)).toContainText("latchkey-demo-thinking");
  await expect(picker(page)).toBeFocused();

  // The choice loaded it.
  await picker(page).click();
  await expect(option(page, "latchkey-demo-thinking")).toContainText(/unloads in/u);
  await page.getByRole("button", { name: "Unload latchkey-demo-thinking" }).click();
  await expect(option(page, "latchkey-demo-thinking")).toContainText("not loaded");
  await page.keyboard.press("Escape");

  const reply = await sendAndFinish(page, "What is a door?");
  await expect(reply.getByText(/^Thought for/u)).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(picker(page)).toContainText("latchkey-demo-thinking");
});

test("a chat has settings of its own, and asks with them", async ({ page }) => {
  const bodies: unknown[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/chat")) bodies.push(request.postDataJSON());
  });
  await signIn(page, chain);
  await page.getByRole("button", { name: "Settings of this chat" }).click();
  const dialog = page.getByRole("dialog", { name: "Settings of this chat" });
  await dialog.getByRole("textbox", { name: "Instructions" }).fill("Answer like a locksmith.");
  const creativity = dialog.getByRole("textbox", { name: "Creativity" });
  await creativity.fill("0.3");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(
    page.getByRole("button", { name: "Settings of this chat, some changed" }),
  ).toBeVisible();
  await sendAndFinish(page, "What is a door?");
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toMatchObject({
    options: { temperature: 0.3 },
    messages: [{ role: "system" }, { role: "user" }],
  });

  await page.reload();
  await ready(page);
  await page.getByRole("button", { name: "Settings of this chat, some changed" }).click();
  await expect(creativity).toHaveValue("0.3");
  await creativity.fill("9");
  await creativity.press("Tab");
  await expect(dialog).toContainText("From 0 to 2.");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  // Another chat knows nothing of it.
  await page.getByRole("button", { name: "New chat" }).click();
  await expect(
    page.getByRole("button", { name: "Settings of this chat", exact: true }),
  ).toBeVisible();
});

test("the context's fill is told from real counts, and what would not fit is not sent silently", async ({
  page,
}) => {
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  const meter = page.getByRole("meter", { name: /context/iu });
  await expect(meter).toBeVisible();
  const use = z.coerce.number().parse(await meter.getAttribute("aria-valuenow"));
  expect(use).toBeGreaterThan(10);
  await send(page, "a long word ".repeat(9000));
  const alert = page.locator('[role="alert"][data-code="context_overflow"]');
  await expect(alert).toBeVisible({ timeout: 20_000 });
  await expect(alert).toContainText(/\d[\d,. ]*.*8,?192/u);
});

test("thinking is switched off for one chat", async ({ page }) => {
  await signIn(page, chain);
  await picker(page).click();
  await option(page, "latchkey-demo-thinking").click();
  await page.getByRole("button", { name: "Settings of this chat" }).click();
  await page.getByRole("radio", { name: "Off" }).check();
  await page.getByRole("button", { name: "Done" }).click();
  const reply = await sendAndFinish(page, "What is a door?");
  await expect(reply.getByText(/^Thought/u)).toHaveCount(0);
});

test("what is left out of a conversation that is too long is told", async ({ page }) => {
  await signIn(page, chain);
  await page.getByRole("button", { name: "Settings of this chat" }).click();
  await page.getByRole("radio", { name: /leave out|oldest/iu }).check();
  await page.getByRole("textbox", { name: "Context length" }).fill("320");
  await page.getByRole("button", { name: "Done" }).click();
  await sendAndFinish(page, "What is a door?");
  const reply = await sendAndFinish(page, "And a key?");
  await expect(reply).toContainText(/left out/u);
});
