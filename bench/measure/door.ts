import { findCaddy } from "../../gateway/caddy.ts";
import { CpuMeter, inTurns } from "../cpu.ts";
import { startBareCaddy, startOurDoor } from "../doors.ts";
import type { Bench, Measurement } from "../measurement.ts";
import { askFor } from "../replies.ts";
import type { Server } from "../servers.ts";
import { median } from "../statistics.ts";
import { runStreams } from "../streams.ts";
import { direct } from "../variants.ts";
import { fast } from "../wire/plan.ts";

const NAME = "door";
const TITLE = "our door beside a bare reverse_proxy of the same Caddy";
const TARGET = 1.15;
const REQUESTS = 400;
const STREAMS = 16;
const RATE = 100;
const CHAT = direct("chat");

/** Milliseconds of a request with an answer of one token, of many one after another. */
async function smallRequest(bench: Bench, door: Server): Promise<number> {
  const found: number[] = [];
  for (let asked = 0; asked < (bench.settings.quick ? REQUESTS / 10 : REQUESTS); asked += 1) {
    const { firstTokenMs } = await askFor(bench, door, CHAT, fast(1));
    if (firstTokenMs !== undefined) found.push(firstTokenMs);
  }
  return median(found);
}

/** CPU ms of the door for a stream of some seconds at a real pace. */
async function streamCost(bench: Bench, door: Server, meter: CpuMeter): Promise<number> {
  const tokens = RATE * bench.settings.seconds;
  const streams = { count: STREAMS, rate: RATE, tokens, rampMs: 100 };
  const work = async (): Promise<void> => void (await runStreams(bench, door, CHAT, streams));
  return (await meter.of(work)) / STREAMS;
}

/** What the lock costs: the map of keys, the list of paths, the headers that are stripped, the log. */
export const door: Measurement = {
  name: NAME,
  run: async (bench) => {
    const caddy = await findCaddy({ env: process.env });
    if (caddy === undefined) {
      bench.leaveOut("the door: there is no Caddy");
      return { name: NAME, title: TITLE, rows: [], notes: [] };
    }
    await using doors = new AsyncDisposableStack();
    const bare = await startBareCaddy(caddy, bench.upstream.url);
    doors.defer(() => bare.close());
    const ours = await startOurDoor(caddy, bench.upstream.url);
    doors.defer(() => ours.close());
    const both = [bare, ours] as const;
    for (const each of both) await smallRequest(bench, each);
    const turns = bench.settings.quick ? 1 : 5;
    const small = await inTurns(both, turns, (each) => smallRequest(bench, each));
    const meters = new Map<Server, CpuMeter>();
    for (const each of both) {
      const meter = await CpuMeter.watch(each.pid);
      if (meter !== undefined) meters.set(each, meter);
    }
    const streamed = await inTurns(both, turns, async (each) => {
      const meter = meters.get(each);
      return meter === undefined ? Number.NaN : streamCost(bench, each, meter);
    });
    const row = (variant: string, of: ReadonlyMap<Server, readonly number[]>) => ({
      variant,
      value: median(of.get(ours) ?? []),
      floor: median(of.get(bare) ?? []),
      against: "ratio" as const,
      target: TARGET,
    });
    return {
      name: NAME,
      title: TITLE,
      rows: [
        row("small request, median ms", small),
        ...(meters.size === both.length ? [row("CPU ms a stream", streamed)] : []),
      ],
      notes: [
        `Caddy ${caddy.version}; a stream: ${bench.settings.seconds} s at ${RATE} tokens/s, ${STREAMS} at once`,
      ],
    };
  },
};
