import { CpuMeter, inTurns } from "../cpu.ts";
import { fieldOf, warmUp, type Field } from "../field.ts";
import type { Measurement } from "../measurement.ts";
import type { Row } from "../report.ts";
import { maximum, median, quantile } from "../statistics.ts";
import { runStreams } from "../streams.ts";
import type { Variant } from "../variants.ts";
import { cpuRows } from "./cpu-fast.ts";

const TARGET = 0.9;
const HELD_TARGET_MS = 25;
const STREAMS = 16;
const RATE = 100;
const RAMP_MS = 100;

/** A list of figures, one a token, for each sample. */
type Held = ReadonlyMap<Variant, readonly (readonly number[])[]>;

/** How long tokens were held, for each relay against its floor. */
function heldRows(field: Field, held: Held): Row[] {
  const relays = field.contenders.filter(({ variant }) => variant.kind === "relay");
  return relays.flatMap(({ variant, floor }) => {
    const row = (name: string, figure: (values: readonly number[]) => number): Row => {
      const middle = (of: Variant): number => median((held.get(of) ?? []).map(figure));
      return {
        variant: `${variant.name}, held ${name} ms`,
        value: middle(variant),
        floor: middle(floor),
        against: "difference",
      };
    };
    return [
      row("p50", (values) => quantile(values, 0.5)),
      row("p99", (values) => quantile(values, 0.99)),
      { ...row("max", maximum), target: HELD_TARGET_MS },
    ];
  });
}

/** What a token costs the app at a real pace, and how long it is held there. */
export const cpuPaced: Measurement = {
  name: "cpu-paced",
  run: async (bench) => {
    const { quick, seconds } = bench.settings;
    const field = await fieldOf(bench, ["relay", "streamText"]);
    await warmUp(bench, bench.app, field.all);
    const meter = await CpuMeter.watch(bench.app.pid);
    const held = new Map<Variant, number[][]>(field.all.map((variant) => [variant, []]));
    const costs = await inTurns(field.all, quick ? 1 : 5, async (variant) => {
      const lasts = variant.kind === "streamText" ? Math.ceil(seconds / 2) : seconds;
      const streams = { count: STREAMS, rate: RATE, tokens: RATE * lasts, rampMs: RAMP_MS };
      const work = async (): Promise<void> => {
        const streamed = await runStreams(bench, bench.app, variant, streams);
        held.get(variant)?.push(streamed.held);
      };
      if (meter === undefined) {
        await work();
        return Number.NaN;
      }
      return ((await meter.of(work)) * 1000) / (streams.count * streams.tokens);
    });
    const figure = (variant: Variant): number => median(costs.get(variant) ?? []);
    const cpu = meter === undefined ? [] : cpuRows(field, figure, TARGET);
    return {
      name: "cpu-paced",
      title: `CPU ms of the app a 1,000 tokens, ${STREAMS} streams at ${RATE} tokens/s`,
      rows: [...cpu, ...heldRows(field, held)],
      notes: [
        `samples of ${seconds} s (streamText: half), a request's own cost among them;`,
        "held: from the moment a token was due to its arrival",
        ...(meter === undefined ? ["CPU is skipped: this system does not tell"] : []),
      ],
    };
  },
};
