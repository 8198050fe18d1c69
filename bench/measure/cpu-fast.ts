import { CpuMeter, inTurns } from "../cpu.ts";
import { fieldOf, warmUp, type Field } from "../field.ts";
import type { Measurement } from "../measurement.ts";
import { askInTurn, type Work } from "../replies.ts";
import type { Row } from "../report.ts";
import { median } from "../statistics.ts";
import type { Variant } from "../variants.ts";

const NAME = "cpu-fast";
const TITLE = "CPU ms of the app a 1,000 tokens, tokens as fast as they come";
const TARGET = 1.1;
const NOTES = [
  "as fast as they come: a write a token, one after the other, as an engine does it",
  "merged: an engine faster than its door, which makes chunks of 160 records of them",
  "replies of 5,000 tokens (merged: 20,000), a request's own cost among them",
] as const;

/** The less it takes, the more of it: a sample has to stand out of what else the machine does. */
function repliesOf(variant: Variant, quick: boolean): number {
  if (quick) return 2;
  return variant.kind === "streamText" ? 2 : 8;
}

/**
 * A row for each contender, held against the floor of its dialect.
 * @param target at most so many times the floor; undefined: told, not judged
 */
export function cpuRows(
  field: Field,
  figure: (variant: Variant) => number,
  target: number | undefined,
  suffix = "",
): Row[] {
  return field.contenders.map(({ variant, floor }) => ({
    variant: `${variant.name}${suffix}`,
    value: figure(variant),
    floor: figure(floor),
    against: "ratio",
    target: variant.kind === "relay" ? target : undefined,
  }));
}

interface Turn {
  readonly variant: Variant;
  readonly work: Work;
}

/** What a token costs the app when tokens come as fast as it takes them. */
export const cpuFast: Measurement = {
  name: NAME,
  run: async (bench) => {
    const { quick } = bench.settings;
    const field = await fieldOf(bench, ["relay", "streamText"]);
    await warmUp(bench, bench.app, field.all);
    const meter = await CpuMeter.watch(bench.app.pid);
    if (meter === undefined) {
      return { name: NAME, title: TITLE, rows: [], notes: ["skipped: this system does not tell"] };
    }
    const turn = (variant: Variant, chunk?: "each"): Turn => ({
      variant,
      work: {
        replies: repliesOf(variant, quick),
        tokens: chunk === "each" ? 5_000 : 20_000,
        chunk,
      },
    });
    const single = field.all.map((variant) => turn(variant, "each"));
    const merged = field.all
      .filter(({ kind }) => kind !== "streamText")
      .map((variant) => turn(variant));
    const costs = await inTurns([...single, ...merged], quick ? 3 : 5, async (each) => {
      const cost = await meter.of(() => askInTurn(bench, bench.app, each.variant, each.work));
      return (cost * 1000) / (each.work.replies * each.work.tokens);
    });
    const figure = (turns: readonly Turn[]) => (variant: Variant) =>
      median(turns.flatMap((each) => (each.variant === variant ? (costs.get(each) ?? []) : [])));
    const relays = field.contenders.filter(({ variant }) => variant.kind === "relay");
    const rows = [
      ...cpuRows(field, figure(single), TARGET),
      ...cpuRows({ ...field, contenders: relays }, figure(merged), TARGET, ", merged"),
    ];
    return { name: NAME, title: TITLE, rows, notes: NOTES };
  },
};
