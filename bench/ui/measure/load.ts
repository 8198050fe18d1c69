import { askAndWait } from "../ask.ts";
import type { Site, UiChain } from "../chain.ts";
import { blockingMs } from "../figures.ts";
import { figureOf, sideBySide, type Sample, type UiMeasurement } from "../measurement.ts";
import { openPage, settle, visit } from "../open-page.ts";
import { readFound } from "../page/found.ts";
import { meterScripts } from "../scripts.ts";

/** Code, maths and a table are in it. */
const ANSWER = { tokens: 400, rate: 200 };

async function weigh(chain: UiChain, site: Site): Promise<Sample> {
  await using open = await openPage(chain, site);
  const scripts = await meterScripts(open.devtools);
  await visit(open.page, site.start);
  const { origin, readyAt } = await readFound(open.page);
  await settle(open.page);
  const first = scripts.kibUntil(origin + readyAt);
  const idle = scripts.kibUntil(Infinity);
  await askAndWait(open.page, ANSWER);
  await settle(open.page);
  return { first, idle, answered: scripts.kibUntil(Infinity) };
}

async function clock(chain: UiChain, site: Site): Promise<Sample> {
  await using open = await openPage(chain, site, { slowness: 4 });
  await visit(open.page, site.start);
  await settle(open.page);
  const { readyAt, longTasks } = await readFound(open.page);
  return { readyAt, blocked: blockingMs(longTasks) };
}

/** What the page costs before it can be used. */
export const load: UiMeasurement = {
  name: "load",
  run: async (bench) => {
    const { chain } = bench;
    const weights = await sideBySide(bench, (site) => weigh(chain, site));
    const clocks = await sideBySide(bench, (site) => clock(chain, site));
    return {
      name: "load",
      title: "the first visit of a signed-in person, nothing cached",
      notes: ["JS: on the wire, gzip, headers included, of scripts asked for until then"],
      figures: [
        figureOf(weights, "first", {
          name: "JS until the composer is live, KiB",
          target: { most: 200 },
        }),
        figureOf(weights, "idle", { name: "JS once the page is idle, KiB" }),
        figureOf(weights, "answered", {
          name: "JS after an answer with code and maths, KiB",
          target: { most: 360 },
        }),
        figureOf(clocks, "readyAt", { name: "composer live, 4x, ms", target: { most: 1000 } }),
        figureOf(clocks, "blocked", { name: "blocking time, 4x, ms", target: { most: 200 } }),
      ],
    };
  },
};
