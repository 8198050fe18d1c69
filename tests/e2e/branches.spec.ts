/** A question asked anew and an answer given anew: nothing that was said before is lost. */
import { expect, test, type Page } from "playwright/test";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { lastReply, questions, ready, sendAndFinish, sendAndWatchBegin } from "./chat-page.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

let chain: Chain;

test.beforeAll(async () => {
  chain = await startChain({ engine: "demo", app: { env: { REQUESTS_PER_MINUTE: "0" } } });
  if (chain.demo !== undefined) chain.demo.controls.tokensPerSecond = 2000;
});

test.afterAll(() => chain.close());

async function untilDone(page: Page): Promise<void> {
  await expect(lastReply(page)).toHaveAttribute("data-state", "done", { timeout: 30_000 });
}

test("a question asked anew keeps both, across a reload", async ({ page }) => {
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  await sendAndFinish(page, "And a key?");
  const first = questions(page).first();
  await first.getByRole("button", { name: "Edit" }).click();
  const editor = page.getByRole("textbox", { name: "Your message, to be asked anew" });
  await expect(editor).toBeFocused();
  await editor.fill("What is a gate?");
  await editor.press("Enter");
  await untilDone(page);
  await expect(questions(page)).toHaveText([/What is a gate\?/u]);

  await page.reload();
  await ready(page);
  await expect(questions(page)).toHaveText([/What is a gate\?/u]);
  await questions(page).first().getByRole("button", { name: "Earlier version" }).click();
  await expect(questions(page)).toHaveText([/What is a door\?/u, /And a key\?/u]);
  await expect(
    questions(page).first().getByRole("group", { name: "Version 1 of 2" }),
  ).toBeVisible();
});

test("Escape leaves a question as it was", async ({ page }) => {
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  await questions(page).first().getByRole("button", { name: "Edit" }).click();
  const editor = page.getByRole("textbox", { name: "Your message, to be asked anew" });
  await editor.fill("Something else");
  await editor.press("Escape");
  await expect(questions(page)).toHaveText([/What is a door\?/u]);
  await expect(questions(page).first().getByRole("button", { name: "Edit" })).toBeFocused();
});

test("an answer given anew keeps the one before", async ({ page }) => {
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  await lastReply(page).getByRole("button", { name: "Regenerate" }).click();
  await expect(lastReply(page).getByRole("group", { name: "Version 2 of 2" })).toBeVisible({
    timeout: 30_000,
  });
  await untilDone(page);
  await lastReply(page).getByRole("button", { name: "Earlier version" }).click();
  await expect(lastReply(page).getByRole("group", { name: "Version 1 of 2" })).toBeVisible();
  await expect(lastReply(page)).toHaveAttribute("data-state", "done");
});

test("a stopped answer tells when the GPU was released, and goes on", async ({ page }) => {
  await signIn(page, chain);
  if (chain.demo !== undefined) chain.demo.controls.tokensPerSecond = 30;
  const reply = await sendAndWatchBegin(page, "What is a door?");
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(reply).toHaveAttribute("data-state", "stopped");
  await expect(reply).toContainText(/released after \d+ ms/u);
  if (chain.demo !== undefined) chain.demo.controls.tokensPerSecond = 2000;
  await reply.getByRole("button", { name: "Continue" }).click();
  await untilDone(page);
  await expect(questions(page)).toHaveCount(1);
  await expect(page.locator('article[data-role="assistant"]')).toHaveCount(1);
});
