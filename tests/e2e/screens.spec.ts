/**
 * Pictures of the screens, light and dark, desktop and phone, into test-results/screens. With
 * LATCHKEY_SCREENS=1 they go into docs/screens, from where the README shows them.
 */
import { join } from "node:path";
import { expect, test, type Page } from "playwright/test";
import { ROOT } from "../helpers/copy-tree.ts";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { sendAndFinish } from "./chat-page.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

const FOLDER = join(
  ROOT,
  process.env["LATCHKEY_SCREENS"] === "1" ? "docs" : "test-results",
  "screens",
);

let chain: Chain;

test.beforeAll(async () => {
  chain = await startChain({
    engine: "demo",
    app: { env: { OLLAMA_MODEL: "latchkey-demo-thinking" } },
  });
  if (chain.demo !== undefined) {
    chain.demo.controls.tokensPerSecond = 400;
  }
});

test.afterAll(() => chain.close());

async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: "disabled" });
}

/** Nothing is wider than the window: no one has to scroll sideways. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const tooWide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(tooWide).toBeLessThanOrEqual(0);
}

const VIEWS = [
  { name: "chat", size: { width: 1280, height: 860 }, colorScheme: "light" },
  { name: "chat-dark", size: { width: 1280, height: 860 }, colorScheme: "dark" },
  { name: "chat-phone", size: { width: 390, height: 844 }, colorScheme: "light" },
  { name: "chat-phone-dark", size: { width: 390, height: 844 }, colorScheme: "dark" },
] as const;

for (const { name, size, colorScheme } of VIEWS) {
  test(`the page as ${name}`, async ({ page }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await page.goto(`${chain.app.url}/sign-in`);
    await expect(page.getByRole("main")).toHaveCount(1);
    await shoot(page, name.replace("chat", "sign-in"));
    await signIn(page, chain);
    await shoot(page, name.replace("chat", "empty"));
    await sendAndFinish(page, "What does Latchkey do?");
    await expectNoSidewaysScroll(page);
    // From its question on: the page itself shows the end of the answer.
    await page.getByRole("log").evaluate((log) => log.scrollTo({ top: 0, behavior: "instant" }));
    await shoot(page, name);
  });
}
