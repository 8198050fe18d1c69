import { setTimeout as delay } from "node:timers/promises";
import { inTurns } from "../cpu.ts";
import { fieldOf, warmUp, type Field } from "../field.ts";
import type { Bench, Measurement } from "../measurement.ts";
import { askFor } from "../replies.ts";
import type { Row } from "../report.ts";
import { median, quantile } from "../statistics.ts";
import { direct, type Variant } from "../variants.ts";
import { fast, paced, type Plan } from "../wire/plan.ts";

const TARGET_MEDIAN_MS = 4;
const TARGET_P99_MS = 15;
const STREAMS = 16;
/** Its dialects are prebuilt bytes and answer alike: one is the base of all. */
const UPSTREAM = direct("chat");

interface Load {
  readonly name: string;
  readonly share: number;
  readonly target: number | undefined;
  readonly workers: number;
  /** Milliseconds over which the workers begin: together they would measure the crowd at the start. */
  readonly spreadMs: number;
  /** Requests a turn, of all workers. */
  readonly requests: number;
  readonly plan: Plan;
}

const LOADS: readonly Load[] = [
  {
    name: "alone, median",
    share: 0.5,
    target: TARGET_MEDIAN_MS,
    workers: 1,
    spreadMs: 0,
    requests: 40,
    plan: fast(8),
  },
  {
    // Always sixteen open, each a short reply at a real pace, and the next one as one ends.
    name: `${STREAMS} streams, p99`,
    share: 0.99,
    target: TARGET_P99_MS,
    workers: STREAMS,
    spreadMs: 250,
    requests: 96,
    plan: paced(25, 100),
  },
  {
    // No stream between the requests: the queue of one busy process, and so without a target.
    name: `${STREAMS} at once, p99`,
    share: 0.99,
    target: undefined,
    workers: STREAMS,
    spreadMs: 0,
    requests: 96,
    plan: fast(1),
  },
];

interface Hop {
  readonly variant: Variant;
  readonly toUpstream: boolean;
}

/** One turn: the figure of its requests. */
async function sample(bench: Bench, hop: Hop, load: Load): Promise<number> {
  const server = hop.toUpstream ? bench.upstream : bench.app;
  const found: number[] = [];
  const each = Math.ceil(load.requests / load.workers / (bench.settings.quick ? 3 : 1));
  const worker = async (index: number): Promise<void> => {
    await delay((index * load.spreadMs) / load.workers);
    for (let asked = 0; asked < each; asked += 1) {
      const { firstTokenMs } = await askFor(bench, server, hop.variant, load.plan);
      if (firstTokenMs !== undefined) found.push(firstTokenMs);
    }
  };
  await Promise.all(Array.from({ length: load.workers }, (_, index) => worker(index)));
  return quantile(found, load.share);
}

function rowsOf(field: Field, load: Load, figure: (variant: Variant) => number): Row[] {
  const base = figure(UPSTREAM);
  return field.contenders.map(({ variant, floor }) => ({
    variant: `${variant.name}, ${load.name}`,
    value: figure(variant) - base,
    floor: figure(floor) - base,
    target: load.target,
  }));
}

/** What the app adds to the first token, over asking the upstream itself. */
export const firstToken: Measurement = {
  name: "first-token",
  run: async (bench) => {
    const field = await fieldOf(bench, ["relay"]);
    await warmUp(bench, bench.app, field.all);
    const hops: Hop[] = [
      { variant: UPSTREAM, toUpstream: true },
      ...field.all.map((variant) => ({ variant, toUpstream: false })),
    ];
    const turns = bench.settings.quick ? 1 : 5;
    const rows: Row[] = [];
    for (const load of LOADS) {
      const figures = await inTurns(hops, turns, (hop) => sample(bench, hop, load));
      const byVariant = new Map([...figures].map(([hop, values]) => [hop.variant, median(values)]));
      rows.push(...rowsOf(field, load, (variant) => byVariant.get(variant) ?? Number.NaN));
    }
    const title = "ms that the app adds to the first token, over the upstream itself";
    return { name: "first-token", title, rows, notes: [] };
  },
};
