import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright";
import { z } from "zod";
import { now } from "../clock.ts";
import { encodePlan, paced } from "../wire/plan.ts";
import { END_NOTE } from "./open-page.ts";
import { ROUTE_OF_TIMES } from "./page/routes.ts";

export interface Question {
  readonly tokens: number;
  /** Tokens a second. */
  readonly rate: number;
}

/** On top of what the answer takes at its pace. */
const PATIENCE_MS = 60_000;
/** Between two keys of a person who types on. */
const KEY_MS = 200;
const TYPED = "and then there is this ";

const lastReply = 'article[data-role="assistant"]';

/** Asks by the composer and its button, as a person does; the answer is only begun. */
async function send(page: Page, { tokens, rate }: Question): Promise<void> {
  await page.getByRole("textbox", { name: "Message" }).fill(encodePlan(paced(tokens, rate)));
  // By its place: nothing is looked for in the page once it is watched.
  const button = await page.getByRole("button", { name: "Send" }).boundingBox();
  if (button === null) throw new Error("There is no button named Send.");
  await page.evaluate(() => Reflect.get(globalThis, "latchkeyBench").watch());
  await page.mouse.click(button.x + button.width / 2, button.y + button.height / 2);
}

/** Types a key every 200 ms until it is told to end; resolves with how many. */
async function typeOn(page: Page, until: AbortSignal): Promise<number> {
  const beganAt = now();
  let keys = 0;
  while (!until.aborted) {
    await page.keyboard.press(TYPED[keys % TYPED.length] ?? " ");
    keys += 1;
    await delay(Math.max(0, beganAt + keys * KEY_MS - now()));
  }
  return keys;
}

/**
 * Asks and waits until the end of the answer is shown; with `typing`, a person types all the while.
 *
 * @returns keys and clicks
 * @throws Error when the answer is not shown in time
 */
export async function askAndWait(
  page: Page,
  question: Question,
  { typing = false }: { readonly typing?: boolean } = {},
): Promise<number> {
  const timeout = (question.tokens * 1000) / question.rate + PATIENCE_MS;
  const ended = new AbortController();
  const shown = page.waitForEvent("console", {
    predicate: (message) => message.text() === END_NOTE,
    timeout,
  });
  const work = async (): Promise<number> => {
    await send(page, question);
    return typing ? await typeOn(page, ended.signal) : 0;
  };
  const end = async (): Promise<void> => {
    await shown.finally(() => ended.abort());
  };
  const [keys] = await Promise.all([work(), end()]);
  await page.locator(lastReply).last().and(page.locator('[data-state="done"]')).waitFor();
  return keys + 1;
}

const timesSchema = z.object({ firstAt: z.number(), lastAt: z.number() });

/** When the engine wrote the first and the last byte of its newest answer: `Date.now()`. */
export async function timesOf(engineUrl: string): Promise<z.infer<typeof timesSchema>> {
  const response = await fetch(engineUrl + ROUTE_OF_TIMES);
  return timesSchema.parse(await response.json());
}
