import { setTimeout as delay } from "node:timers/promises";
import { Client } from "../client/ask.ts";
import { now } from "../clock.ts";
import { fieldOf, warmUp } from "../field.ts";
import type { Bench, Measurement } from "../measurement.ts";
import { memoryOf, watchReturn, type Memory } from "../memory.ts";
import type { Row } from "../report.ts";
import { quantile } from "../statistics.ts";
import { runStreams, type Streams } from "../streams.ts";
import { cpuMs, residentKiB } from "../usage.ts";
import type { Variant } from "../variants.ts";

const TARGET = { gapMs: 150, streamKiB: 100, backSeconds: 30 } as const;
const SWING_KIB = 5 * 1024;
const RATE = 20;
/** Of the run: when memory is looked at. By then all streams have been open for long. */
const LOOK_AT = 0.8;

interface Found {
  readonly broken: number;
  readonly gapMs: number;
  /** KiB a stream. */
  readonly grown: Memory;
  readonly backSeconds: number;
  readonly left: Memory;
  /** Cores in use, of the app, the upstream and this process: at the machine's end, gaps are its own. */
  readonly cores: readonly number[];
}

/** In a process of its own: what another variant left behind would hide what this one takes. */
async function measure(bench: Bench, variant: Variant, streams: Streams): Promise<Found> {
  const app = await bench.startApp();
  const client = new Client();
  try {
    const own = { ...bench, client };
    await warmUp(own, app, [variant]);
    await runStreams(own, app, variant, { ...streams, count: streams.count / 10, tokens: RATE });
    const before = { resident: residentKiB(app.pid) ?? Number.NaN };
    const start = { ...(await memoryOf(app)), ...before };
    const pids = [app.pid, bench.upstream.pid, process.pid];
    const spent = pids.map((pid) => cpuMs(pid) ?? Number.NaN);
    const began = now();
    const running = runStreams(own, app, variant, streams);
    await delay(streams.rampMs + ((streams.tokens * 1000) / RATE) * LOOK_AT);
    const during = await memoryOf(app);
    const { gaps, broken } = await running;
    const lasted = now() - began;
    const cores = pids.map((pid, index) => ((cpuMs(pid) ?? 0) - (spent[index] ?? 0)) / lasted);
    client.close();
    const seconds = bench.settings.quick ? 5 : TARGET.backSeconds;
    const limits = { seconds, swing: SWING_KIB };
    const { seconds: backSeconds, left } = await watchReturn(app, start, limits);
    const grown = {
      resident: (during.resident - start.resident) / streams.count,
      live: (during.live - start.live) / streams.count,
    };
    return { broken, gapMs: quantile(gaps, 0.99), grown, backSeconds, left, cores };
  } finally {
    client.close();
    await app.close();
  }
}

const FIGURES: readonly {
  readonly name: string;
  readonly of: (found: Found) => number;
  readonly target?: number;
}[] = [
  { name: "broken", of: ({ broken }) => broken, target: 0 },
  { name: "gap p99 ms", of: ({ gapMs }) => gapMs, target: TARGET.gapMs },
  { name: "resident KiB each", of: ({ grown }) => grown.resident, target: TARGET.streamKiB },
  { name: "live KiB each", of: ({ grown }) => grown.live },
  { name: "live back after s", of: (found) => found.backSeconds, target: TARGET.backSeconds },
  { name: "live left MiB", of: ({ left }) => left.live / 1024 },
  { name: "resident left MiB", of: ({ left }) => left.resident / 1024 },
];

function coresText(name: string, { cores }: Found): string {
  const [app, upstream, client] = cores.map((used) => used.toFixed(2));
  return `cores in use, ${name}: app ${app}, upstream ${upstream}, client ${client}`;
}

/** A thousand streams through one process. */
export const thousand: Measurement = {
  name: "thousand",
  run: async (bench) => {
    const { quick, only } = bench.settings;
    const field = await fieldOf(bench, ["relay"], only.length === 0 ? ["/api/chat"] : only);
    const seconds = quick ? 3 : 20;
    const count = quick ? 100 : 1000;
    const streams = { count, rate: RATE, tokens: RATE * seconds, rampMs: 4 * count };
    const rows: Row[] = [];
    const notes: string[] = [];
    for (const { variant, floor } of field.contenders) {
      const beside = await measure(bench, floor, streams);
      const own = await measure(bench, variant, streams);
      notes.push(coresText(floor.name, beside), coresText(variant.name, own));
      const named = (figure: string): string => `${variant.name}, ${figure}`;
      rows.push(
        ...FIGURES.map(({ name, of, target }) => ({
          variant: named(name),
          value: of(own),
          floor: of(beside),
          target,
        })),
      );
    }
    const title = `${count} streams at ${RATE} tokens/s for ${seconds} s, one process`;
    return { name: "thousand", title, rows, notes };
  },
};
