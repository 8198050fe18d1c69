import type { Locator, Page } from "playwright";
import type { Site, UiChain } from "../chain.ts";
import { medianOf, type Sample, type UiMeasurement } from "../measurement.ts";
import { openPage, settle, visit } from "../open-page.ts";
import { comesToBe, readFound } from "../page/found.ts";
import type { Wanted } from "../page/probe.ts";
import type { Figure } from "../report.ts";
import { bundleStore, seedChats } from "../seed.ts";
import { chatRecord, chatTitle } from "../text/chats.ts";

const CHATS = 1000;
const MESSAGES = 6;
/** A phone's: there the list of chats is opened by a button. */
const WIDTH = 390;
const TARGET = { most: 100 };
const PATIENCE_MS = 10_000;

const ROWS = 'a[href^="/c/"]';

/** The first of those that are in view, once there is one. */
async function firstVisible(locator: Locator): Promise<Locator | undefined> {
  const visible = locator.filter({ visible: true });
  return (await visible.count()) === 0 ? undefined : visible.first();
}

/** Milliseconds from the event that the act makes to the frame in which it is shown; undefined: not in time. */
async function time(
  page: Page,
  event: string,
  { wanted, act }: { readonly wanted: Wanted; readonly act: () => Promise<void> },
): Promise<number | undefined> {
  // Awaited: a click takes another way to the page, and could be there first.
  await page.evaluate(([name, what]) => Reflect.get(globalThis, "latchkeyBench").time(name, what), [
    event,
    wanted,
  ] as const);
  await act();
  if (!(await comesToBe(page, "timedMs", PATIENCE_MS))) return undefined;
  return (await readFound(page)).timedMs;
}

async function search(page: Page, number: number): Promise<number | undefined> {
  const box = await firstVisible(page.getByRole("searchbox"));
  if (box === undefined) return undefined;
  await box.fill("");
  await page.locator(ROWS).nth(1).waitFor();
  const title = chatTitle(number);
  const words = title.slice(0, title.indexOf(" on "));
  return time(page, "input", {
    wanted: { selector: ROWS, text: title, most: 1 },
    act: () => page.keyboard.insertText(words),
  });
}

async function look(chain: UiChain, site: Site, store: string): Promise<Sample> {
  await using open = await openPage(chain, site, { width: WIDTH });
  const { page } = open;
  await visit(page, site.start);
  const records = Array.from({ length: CHATS }, (_, index) => chatRecord(index, MESSAGES));
  await seedChats(open, { start: site.start, store }, records);
  await visit(page, site.start);
  await settle(page);
  const button = await firstVisible(page.getByRole("button", { name: /^chats$/iu }));
  const place = await button?.boundingBox();
  if (place === undefined || place === null) return {};
  const list = await time(page, "click", {
    wanted: { selector: ROWS, text: chatTitle(CHATS - 1) },
    act: () => page.mouse.click(place.x + place.width / 2, place.y + place.height / 2),
  });
  if (list === undefined) return {};
  return { list, first: await search(page, 417), next: await search(page, 23) };
}

/** Very many chats in the list. */
export const chats: UiMeasurement = {
  name: "chats",
  run: async ({ chain, runs }) => {
    const store = await bundleStore();
    const samples: Sample[] = [];
    for (let run = 0; run < runs; run += 1) {
      samples.push(store === undefined ? {} : await look(chain, chain.sites.app, store));
    }
    const figure = (key: string, name: string): Figure => ({
      name,
      value: medianOf(samples, key),
      target: TARGET,
    });
    return {
      name: "chats",
      title: `${CHATS} stored chats, at a phone's width`,
      notes: ["From the click or the input to the end of the frame in which the rows are shown"],
      figures: [
        figure("list", "list of chats shown, ms"),
        figure("first", "first search's result shown, ms"),
        figure("next", "next search's result shown, ms"),
      ],
    };
  },
};
