import { expect, type Locator, type Page } from "playwright/test";
import { z } from "zod";

/** The names that CONTRACT fixes for those who cannot see the page, and for tests. */
function composer(page: Page): Locator {
  return page.getByRole("textbox", { name: "Message" });
}

function replies(page: Page): Locator {
  return page.locator('article[data-role="assistant"]');
}

export function lastReply(page: Page): Locator {
  return replies(page).last();
}

export function alertOf(page: Page): Locator {
  // Next has an empty announcer of its own with this role.
  return page.locator('[role="alert"][data-code]');
}

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

/** Sends, and waits until the answer to it is in the page from its first to its last word. */
export async function sendAndFinish(page: Page, text: string): Promise<Locator> {
  const before = await replies(page).count();
  await send(page, text);
  await expect(replies(page)).toHaveCount(before + 1);
  await expect(lastReply(page)).toHaveAttribute("data-state", "done", { timeout: 30_000 });
  return lastReply(page);
}

const growthSchema = z.array(z.object({ at: z.number(), length: z.number() }));

/** A step of an answer's growth: `Date.now()`, and how much text there was then. */
export type GrowthStep = z.infer<typeof growthSchema>[number];

/** From now on the page notes each frame in which the text of its answers has grown. */
export async function watchGrowth(page: Page): Promise<void> {
  await page.evaluate(() => {
    const steps: { at: number; length: number }[] = [];
    const look = (): void => {
      const articles = document.querySelectorAll('article[data-role="assistant"]');
      const waiting = '[data-state="waiting"]';
      const length = [...articles]
        .filter((article) => !article.matches(waiting))
        .reduce((sum, article) => sum + (article.textContent ?? "").length, 0);
      if (length > (steps.at(-1)?.length ?? 0)) {
        steps.push({ at: Date.now(), length });
      }
    };
    new MutationObserver(look).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
      attributes: true,
      attributeFilter: ["data-state"],
    });
    Object.assign(globalThis, { latchkeyGrowth: steps });
  });
}

export async function readGrowth(page: Page): Promise<GrowthStep[]> {
  return growthSchema.parse(await page.evaluate(() => Reflect.get(globalThis, "latchkeyGrowth")));
}

/** Demo engine: long enough an answer to be stopped or broken in its midst. */
export async function sendAndWatchBegin(page: Page, text: string): Promise<Locator> {
  await send(page, text);
  const reply = lastReply(page);
  await expect(reply).toHaveAttribute("data-state", "streaming", { timeout: 20_000 });
  return reply;
}

/** Waits until the composer takes input, as after a reload. */
export async function ready(page: Page): Promise<void> {
  await page.locator("html[data-ready]").waitFor();
}

export function questions(page: Page): Locator {
  return page.locator('article[data-role="user"]');
}

/** Waits until the last answer has more than so many characters of words; what was thought does not count. */
export async function untilWords(page: Page, characters: number): Promise<string> {
  const read = async (): Promise<string> => (await answerText(lastReply(page))) ?? "";
  await expect.poll(async () => (await read()).length).toBeGreaterThan(characters);
  return read();
}

async function answerText(reply: Locator): Promise<string | null> {
  const answer = reply.locator(".answer");
  return (await answer.count()) === 0 ? "" : answer.first().textContent();
}

/** Sends, and waits until the answer to it has broken off. */
export async function sendAndBreakOff(page: Page, text: string): Promise<void> {
  await send(page, text);
  await expect(lastReply(page)).toHaveAttribute("data-state", "interrupted", { timeout: 20_000 });
}
