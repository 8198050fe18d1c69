import type { CDPSession } from "playwright";
import { askAndWait } from "../ask.ts";
import type { Site, UiChain } from "../chain.ts";
import { figureOf, sideBySide, type Sample, type UiMeasurement } from "../measurement.ts";
import { openPage, settle, visit } from "../open-page.ts";
import { richText } from "../text/rich.ts";

const ANSWER = { tokens: 400, rate: 1000 };
/** Replies after which it is looked. */
const LOOKS = [3, 10, 20] as const;
const [FIRST, MIDDLE, LAST] = LOOKS;
/** JavaScript keeps what is not Latin alone in two bytes a unit. */
const TEXT_KIB = (richText(ANSWER.tokens).length * 2) / 1024;

/** KiB of JavaScript's heap that are still reachable. */
async function heapKib(devtools: CDPSession): Promise<number> {
  // Twice: what the first frees may have kept others.
  await devtools.send("HeapProfiler.collectGarbage");
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  return usedSize / 1024;
}

async function grow(chain: UiChain, site: Site): Promise<Sample> {
  await using open = await openPage(chain, site);
  await visit(open.page, site.start);
  const kib = new Map<number, number>();
  for (let reply = 1; reply <= LAST; reply += 1) {
    await askAndWait(open.page, ANSWER);
    if (!LOOKS.some((look) => look === reply)) continue;
    await settle(open.page);
    kib.set(reply, await heapKib(open.devtools));
  }
  const at = (reply: number): number => kib.get(reply) ?? Number.NaN;
  const each = (from: number, until: number): number =>
    (at(until) - at(from)) / (until - from) - TEXT_KIB;
  return {
    first: at(FIRST) / 1024,
    last: at(LAST) / 1024,
    each: each(FIRST, LAST),
    early: each(FIRST, MIDDLE),
    late: each(MIDDLE, LAST),
  };
}

/** Whether many replies in a row leave something behind. */
export const heap: UiMeasurement = {
  name: "heap",
  run: async (bench) => {
    const found = await sideBySide(bench, (site) => grow(bench.chain, site));
    return {
      name: "heap",
      title: `${LAST} replies of ${ANSWER.tokens} tokens in a row, JavaScript's heap`,
      notes: [
        `Growth: beyond the text itself (${TEXT_KIB.toFixed(1)} KiB), what shows it included.`,
        "Flat is what grows no faster later than before.",
      ],
      figures: [
        figureOf(found, "first", { name: `heap after ${FIRST} replies, MiB` }),
        figureOf(found, "last", { name: `heap after ${LAST} replies, MiB` }),
        figureOf(found, "each", { name: `growth a reply, ${FIRST} to ${LAST}, KiB` }),
        figureOf(found, "early", { name: `growth a reply, ${FIRST} to ${MIDDLE}, KiB` }),
        figureOf(found, "late", { name: `growth a reply, ${MIDDLE} to ${LAST}, KiB` }),
      ],
    };
  },
};
