import { askAndWait, timesOf } from "../ask.ts";
import type { Site, UiChain } from "../chain.ts";
import { framesPerSecond, inpMs, longestGapMs, longTaskMs } from "../figures.ts";
import { mainThreadMs, watchMainThread } from "../main-thread.ts";
import { figureOf, sideBySide, type Sample, type UiMeasurement } from "../measurement.ts";
import { openPage, settle, visit, type Slowness } from "../open-page.ts";
import { readFound } from "../page/found.ts";
import type { Figure, Target } from "../report.ts";

const ANSWER = { tokens: 4000, rate: 200 };

interface Wanted {
  readonly slowness: Slowness;
  readonly targets: Readonly<Record<"tasks" | "frames" | "inp", Target>> & {
    readonly lag?: Target;
  };
}

const BY_SLOWNESS: readonly Wanted[] = [
  {
    slowness: 1,
    targets: {
      tasks: { most: 20 },
      frames: { least: 58 },
      inp: { most: 32 },
      lag: { most: 30 },
    },
  },
  {
    slowness: 4,
    targets: { tasks: { most: 150 }, frames: { least: 50 }, inp: { most: 80 } },
  },
];

async function watchAnswer(chain: UiChain, site: Site, slowness: Slowness): Promise<Sample> {
  await using open = await openPage(chain, site, { slowness });
  await watchMainThread(open.devtools);
  await visit(open.page, site.start);
  // What is loaded when the page is idle is another figure.
  await settle(open.page);
  const before = await mainThreadMs(open.devtools);
  const count = await askAndWait(open.page, ANSWER, { typing: true });
  await settle(open.page);
  const work = (await mainThreadMs(open.devtools)) - before;
  const { firstAt, lastAt } = await timesOf(chain.engineUrl);
  const { watchedAt, longTasks, interactions, frames, endAt } = await readFound(open.page);
  return {
    work,
    tasks: longTaskMs(longTasks, watchedAt),
    frames: framesPerSecond(frames, firstAt, lastAt),
    gap: longestGapMs(frames, firstAt, lastAt),
    inp: inpMs(interactions, count),
    lag: endAt - lastAt,
  };
}

/** How the page moves while a long answer is written and a person types. */
export const stream: UiMeasurement = {
  name: "stream",
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const { slowness, targets } of BY_SLOWNESS) {
      const found = await sideBySide(bench, (site) => watchAnswer(bench.chain, site, slowness));
      const at = `, ${slowness}x`;
      const lag = targets.lag === undefined ? {} : { target: targets.lag };
      figures.push(
        figureOf(found, "tasks", { name: `long tasks${at}, ms`, target: targets.tasks }),
        figureOf(found, "frames", { name: `frames a second${at}`, target: targets.frames }),
        figureOf(found, "gap", { name: `longest time between frames${at}, ms` }),
        figureOf(found, "inp", { name: `INP of typing${at}, ms`, target: targets.inp }),
        figureOf(found, "work", { name: `CPU of the page's main thread${at}, ms` }),
        figureOf(found, "lag", { name: `last byte to complete text${at}, ms`, ...lag }),
      );
    }
    return {
      name: "stream",
      title: `${ANSWER.tokens} tokens of rich Markdown at ${ANSWER.rate}/s, a key every 200 ms`,
      notes: [
        "INP in steps of 8 ms; 16 stands for 16 or less. Long tasks until the page is idle again.",
        "Last byte: from its writing by the engine, so the app's relay is in it and not in the floor.",
      ],
      figures,
    };
  },
};
