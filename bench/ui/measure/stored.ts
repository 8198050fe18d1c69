import type { Page } from "playwright";
import type { Site, UiChain } from "../chain.ts";
import { figureOf, sideBySide, type Sample, type UiMeasurement } from "../measurement.ts";
import { openPage, settle, visit } from "../open-page.ts";
import { comes, comesToBe, readFound } from "../page/found.ts";
import type { Wanted } from "../page/probe.ts";
import { bundleStore, seedChats } from "../seed.ts";
import { chatRecord, FIRST_WORDS, lastWords, STORED_LENGTH } from "../text/chats.ts";

const PATIENCE_MS = 15_000;
const FIND_MS = 3000;

const LAST_REPLY: Wanted = {
  selector: 'article[data-role="assistant"]',
  text: lastWords(STORED_LENGTH),
};
const FIRST_QUESTION: Wanted = { selector: 'article[data-role="user"]', text: FIRST_WORDS };

/** Whether the browser finds and shows the first message: what find-in-page does, by a text fragment. */
async function findsByFragment(page: Page): Promise<boolean> {
  const address = page.url().replace(/#.*$/u, "");
  // No new document: the fragment alone changes, and the browser looks for it in the page.
  await page.goto(`${address}#:~:text=${encodeURIComponent(FIRST_WORDS)}`);
  const shown = page.waitForFunction(
    (wanted) => Reflect.get(globalThis, "latchkeyBench").isShown(wanted),
    FIRST_QUESTION,
    { polling: 100, timeout: FIND_MS },
  );
  return comes(shown);
}

async function findsByWindow(page: Page): Promise<boolean> {
  return page.evaluate((words) => {
    getSelection()?.removeAllRanges();
    return Reflect.get(globalThis, "find")(words, false, false, true) === true;
  }, FIRST_WORDS);
}

async function openStored(chain: UiChain, site: Site, store: string | undefined): Promise<Sample> {
  const isApp = site.name === "app";
  if (isApp && store === undefined) return {};
  await using open = await openPage(chain, site, { wanted: LAST_REPLY });
  const { page } = open;
  const record = chatRecord(1, STORED_LENGTH);
  // Who has a stored chat has been here before: scripts are in the browser's cache.
  await visit(page, site.start);
  await settle(page);
  if (isApp && store !== undefined) {
    await seedChats(open, { start: site.start, store }, [record]);
  }
  const response = await page.goto(site.chat(record.chat.id), { waitUntil: "commit" });
  if (response?.ok() !== true) return {};
  if (!(await comesToBe(page, "wantedAt", PATIENCE_MS))) return {};
  await settle(page);
  const { wantedAt } = await readFound(page);
  const elements = await page.locator("*").count();
  const found = await findsByWindow(page);
  const fragment = await findsByFragment(page);
  return { wantedAt, elements, found: Number(found), fragment: Number(fragment) };
}

/** A long chat out of the browser's storage. */
export const stored: UiMeasurement = {
  name: "stored",
  run: async (bench) => {
    const store = await bundleStore();
    const samples = await sideBySide(bench, (site) => openStored(bench.chain, site, store));
    return {
      name: "stored",
      title: `a stored chat of ${STORED_LENGTH} messages, opened by its address`,
      notes: [
        "Found, 1 is yes: Chromium's find-in-page has no interface. window.find() looks into what is",
        "hidden until found but does not show it; a text fragment makes the browser find and show it.",
      ],
      figures: [
        figureOf(samples, "wantedAt", { name: "last reply in view, ms", target: { most: 500 } }),
        figureOf(samples, "elements", { name: "elements", target: { most: 10_000 } }),
        figureOf(samples, "found", {
          name: "first message found, window.find",
          target: { least: 1 },
        }),
        figureOf(samples, "fragment", {
          name: "first message found and shown, fragment",
          target: { least: 1 },
        }),
      ],
    };
  },
};
