/** An answer as a person sees it: Markdown, code, maths, thinking, and nothing that reaches outside. */
import { expect, test, type Locator, type Page } from "playwright/test";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { sendAndFinish, sendAndWatchBegin } from "./chat-page.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

let chain: Chain;

test.beforeAll(async () => {
  chain = await startChain({
    engine: "demo",
    app: { env: { OLLAMA_MODEL: "latchkey-demo-thinking", REQUESTS_PER_MINUTE: "0" } },
  });
});

test.beforeEach(() => say(undefined, 2000));

test.afterAll(() => chain.close());

function say(says: string | undefined, tokensPerSecond: number): void {
  if (chain.demo !== undefined) Object.assign(chain.demo.controls, { says, tokensPerSecond });
}

async function answerOf(page: Page, says: string): Promise<Locator> {
  say(says, 2000);
  const reply = await sendAndFinish(page, "Show me");
  return reply.locator(".answer");
}

test("tables, task lists and emphasis beside Korean are what they are", async ({ page }) => {
  await signIn(page, chain);
  const answer = await answerOf(
    page,
    "| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n**열쇠**는 문에, **모델**은 집에. ~~no~~\n",
  );
  await expect(answer.getByRole("table")).toContainText("1");
  await expect(answer.getByRole("checkbox", { checked: true })).toHaveCount(1);
  await expect(answer.locator("strong")).toHaveText(["열쇠", "모델"]);
  await expect(answer.locator("del")).toHaveText("no");
  await expect(answer).not.toContainText("**");
});

test("code is coloured once its block is closed, and copied and wrapped by its buttons", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, chain);
  const source = 'const answer: number = 42; // why\nconsole.log("door", answer);';
  const answer = await answerOf(page, `Here:\n\n\`\`\`ts\n${source}\n\`\`\`\n\nDone.\n`);
  const block = answer.locator("figure.code");
  await expect(block.locator('[class*="hljs-keyword"], [class*="keyword"]').first()).toHaveText(
    "const",
  );
  await expect(block.locator("code")).toHaveText(source);
  await block.getByRole("button", { name: "Copy code" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(source);
  const wrap = block.getByRole("button", { name: /wrap/iu });
  await wrap.click();
  await expect(wrap).toHaveAttribute("aria-pressed", "true");
});

test("maths is drawn, and a price stays a price", async ({ page }) => {
  await signIn(page, chain);
  const answer = await answerOf(
    page,
    "It costs $5 and $10.\n\nInline $a^2 + b^2$ and \\(c^2\\).\n\n\\[\n\\frac{a}{b}\n\\]\n",
  );
  await expect(answer.locator(".katex")).toHaveCount(3);
  await expect(answer.locator("mfrac")).toHaveCount(1);
  await expect(answer).toContainText("It costs $5 and $10.");
});

test("nothing of an answer reaches outside or runs", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("dialog", (dialog) => asked.push(dialog.message()));
  await signIn(page, chain);
  const answer = await answerOf(
    page,
    [
      "![a picture](https://stranger.example/pixel.png?said=secret)",
      "<img src=x onerror=alert(1)><script>alert(2)</script>",
      "[tempting](javascript:alert(3)) and [safe](https://example.com/door)",
    ].join("\n\n"),
  );
  await expect(answer.locator("img, script")).toHaveCount(0);
  await expect(answer).toContainText("<script>alert(2)</script>");
  const links = answer.getByRole("link");
  await expect(links).not.toHaveCount(0);
  for (const link of await links.all()) {
    await expect(link).toHaveAttribute("rel", /noopener/u);
    await expect(link).toHaveAttribute("href", /^https:/u);
  }
  const origin = new URL(chain.app.url).origin;
  expect(asked.filter((url) => !url.startsWith(origin) && !url.startsWith("data:"))).toEqual([]);
});

test("an answer that no page could show is shown as the text it is", async ({ page }) => {
  await signIn(page, chain);
  const answer = await answerOf(page, `${"- ".repeat(1500)}deep\n\nAnd a paragraph.`);
  await expect(answer).toContainText("deep");
  await expect(answer).toContainText("And a paragraph.");
  await expect((await answerOf(page, `${">".repeat(4000)}deeper`)).last()).toContainText("deeper");
  await page.reload();
  await expect(page.getByText("And a paragraph.")).toBeVisible();
});

test("what has settled is not touched while the answer grows", async ({ page }) => {
  await signIn(page, chain);
  say(`First paragraph.\n\n${"More and more words come here. ".repeat(60)}`, 60);
  const reply = await sendAndWatchBegin(page, "Show me");
  const first = reply.locator(".answer p").first();
  await expect(reply.locator(".answer p")).toHaveCount(2);
  await first.evaluate((paragraph) => paragraph.setAttribute("data-marked", ""));
  await expect(reply).toHaveAttribute("data-state", "done", { timeout: 40_000 });
  await expect(first).toHaveAttribute("data-marked", "");
});

const PIECES = 100;
const LONG = Array.from({ length: PIECES }, (_, index) =>
  index % 5 === 0
    ? `## Part ${index}\n`
    : `Paragraph ${index} of a long answer. ${"More words. ".repeat(index % 40)}\n`,
).join("\n");

/** Scrolls through all of it; resolves with every height that the whole had on the way. */
async function heightsOnTheWay(page: Page): Promise<readonly number[]> {
  const heights = await page.getByRole("log").evaluate(async (log) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const seen = [log.scrollHeight];
    for (let top = 0; top < log.scrollHeight; top += log.clientHeight) {
      log.scrollTop = top;
      await frame();
      await frame();
      seen.push(log.scrollHeight);
    }
    return seen;
  });
  expect(heights.length).toBeGreaterThan(10);
  return [...new Set(heights)];
}

/** Whether the page skips what is out of view of an answer: its first group, seen from its end. */
const isSkipped = (answer: Locator): Promise<boolean> =>
  answer.evaluate((element) => {
    const log = element.closest('[role="log"]');
    log?.scrollTo({ top: log.scrollHeight, behavior: "instant" });
    const block = element.firstElementChild?.firstElementChild;
    return block?.checkVisibility({ contentVisibilityAuto: true }) === false;
  });

test("what went out of view of a long answer costs nothing, keeps its height, and is found and copied", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, chain);
  const answer = await answerOf(page, LONG);
  await expect.poll(() => isSkipped(answer)).toBe(true);
  expect(await heightsOnTheWay(page)).toHaveLength(1);
  await answer.evaluate((element) => getSelection()?.selectAllChildren(element));
  await page.keyboard.press("ControlOrMeta+c");
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain("Part 0\n");
  expect(text).toContain("Paragraph 1 of a long answer");
  expect(text).toContain(`Paragraph ${PIECES - 1} of a long answer`);
  const isFound = await page.evaluate(() => {
    getSelection()?.removeAllRanges();
    // The browser's own search, which no standard tells.
    const find: unknown = Reflect.get(globalThis, "find");
    return typeof find === "function" && find("Paragraph 1 of a long") === true;
  });
  expect(isFound).toBe(true);
});

test("a long answer that was left and returned to keeps its height too", async ({ page }) => {
  await signIn(page, chain);
  say(LONG, 600);
  await sendAndWatchBegin(page, "Show me");
  await expect(page.getByText("Paragraph 34 of a long answer")).toBeAttached();
  await page.getByRole("button", { name: "New chat" }).first().click();
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveValue("");
  await page.getByRole("link", { name: "Show me" }).click();
  const reply = page.locator('article[data-role="assistant"]').last();
  await expect(reply).toHaveAttribute("data-state", "streaming");
  await expect(reply).toHaveAttribute("data-state", "done", { timeout: 30_000 });
  await expect.poll(() => isSkipped(reply.locator(".answer"))).toBe(true);
  expect(await heightsOnTheWay(page)).toHaveLength(1);
});

test("the thought is folded with its duration, and the answer has its figures", async ({
  page,
}) => {
  await signIn(page, chain);
  const reply = await sendAndFinish(page, "What is a door?");
  const thought = reply.locator("details.thinking, details").first();
  await expect(thought).not.toHaveAttribute("open", "");
  await expect(reply.getByText(/^Thought for/u)).toBeVisible();
  await expect(reply).toContainText(/tokens\/s/u);
  await expect(reply).toContainText(/first word after/u);
});

test("the page follows the answer until the person scrolls away", async ({ page }) => {
  await page.setViewportSize({ width: 900, height: 500 });
  await signIn(page, chain);
  say("A line of words that is long enough to be seen.\n\n".repeat(120), 250);
  const reply = await sendAndWatchBegin(page, "Show me");
  const log = page.getByRole("log");
  const distance = (): Promise<number> =>
    log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
  await expect.poll(() => log.evaluate((box) => box.scrollTop)).toBeGreaterThan(200);
  expect(await distance()).toBeLessThan(100);
  await log.hover();
  await page.mouse.wheel(0, -400);
  const height = await log.evaluate((box) => box.scrollHeight);
  await expect.poll(() => log.evaluate((box) => box.scrollHeight)).toBeGreaterThan(height + 200);
  expect(await distance()).toBeGreaterThan(300);
  await page.getByRole("button", { name: "To the newest" }).click();
  await expect.poll(distance).toBeLessThan(100);
  await expect(reply).toHaveAttribute("data-state", "done", { timeout: 40_000 });
});
