import { CpuMeter, inTurns } from "../cpu.ts";
import { fieldOf, warmUp } from "../field.ts";
import type { Bench, Measurement } from "../measurement.ts";
import { askInTurn } from "../replies.ts";
import type { Report, Row } from "../report.ts";
import type { Server } from "../servers.ts";
import { median } from "../statistics.ts";
import type { Variant } from "../variants.ts";

const NAME = "flat";
const TITLE = "CPU ms a 1,000 tokens, by length of reply and by known keys";
const TARGET = 1.1;
const KEYS = [1, 500] as const;
/** What costs once, the start of a stream too, is in a reply of this length, and is subtracted. */
const SHORT = 100;
const LENGTHS = [1000, 10_000, 100_000] as const;
const QUICK_LENGTHS = [1000, 5000] as const;
/** Tokens of each length a sample; the longest is one reply. */
const SAMPLE_TOKENS = 50_000;
const SHORT_REPLIES = 100;
const NOTES = [
  "less a reply of 100 tokens, in which is what costs once; held against the middle",
  "length with 1 key; request: CPU ms of a reply of one token. The floor's own rows",
  "show by how much such figures go up and down where nothing grows.",
] as const;

/** An app that knows so many keys. */
interface Side {
  readonly keys: number;
  readonly app: Server;
  readonly meter: CpuMeter;
}

interface Turn {
  readonly side: Side;
  readonly variant: Variant;
  readonly tokens: number;
  readonly replies: number;
}

function repliesOf(tokens: number, quick: boolean): number {
  const wanted = tokens <= SHORT ? SHORT_REPLIES : SAMPLE_TOKENS / tokens;
  return Math.ceil(quick ? wanted / 5 : wanted);
}

/** A floor knows no keys. */
function variantsOn({ keys }: Side, all: readonly Variant[]): readonly Variant[] {
  return all.filter(({ kind }) => kind !== "floor" || keys === KEYS[0]);
}

function rowsOf(
  variant: Variant,
  { keys }: Side,
  lengths: readonly number[],
  cost: (keys: number, tokens: number) => number,
): Row[] {
  const perThousand = (known: number, tokens: number): number =>
    ((cost(known, tokens) - cost(known, SHORT)) * 1000) / (tokens - SHORT);
  const label = `${variant.name}, ${keys} ${keys === 1 ? "key" : "keys"}`;
  const [least] = KEYS;
  const tokens = lengths.map((length) => ({
    variant: `${label}, ${length / 1000}k`,
    value: perThousand(keys, length),
    floor: perThousand(least, lengths[1] ?? Number.NaN),
    against: "ratio" as const,
    target: variant.kind === "floor" ? undefined : TARGET,
  }));
  const request = { value: cost(keys, 1), floor: cost(least, 1), against: "ratio" as const };
  return [...tokens, { variant: `${label}, request`, ...request }];
}

async function measure(bench: Bench, sides: readonly Side[]): Promise<Report> {
  const { quick, only } = bench.settings;
  const names = only.length === 0 ? ["/api/chat", "/v1/chat/completions"] : only;
  const { all } = await fieldOf(bench, ["relay"], names);
  const lengths = quick ? QUICK_LENGTHS : LENGTHS;
  const turns = sides.flatMap((side) =>
    variantsOn(side, all).flatMap((variant) =>
      [1, SHORT, ...lengths].map((tokens): Turn => ({
        side,
        variant,
        tokens,
        replies: repliesOf(tokens, quick),
      })),
    ),
  );
  // A chunk a token: what a token costs is plainest where each comes for itself.
  const ask = ({ side, variant, tokens }: Turn, replies: number) =>
    askInTurn(bench, side.app, variant, { replies, tokens, chunk: 1 });
  for (const side of sides) await warmUp(bench, side.app, variantsOn(side, all));
  for (const turn of turns) await ask(turn, 1);
  const costs = await inTurns(turns, quick ? 3 : 5, async (turn) => {
    const cost = await turn.side.meter.of(() => ask(turn, turn.replies));
    return cost / turn.replies;
  });
  const rows = all.flatMap((variant) => {
    const cost = (keys: number, tokens: number): number => {
      const turn = turns.find(
        (each) => each.variant === variant && each.side.keys === keys && each.tokens === tokens,
      );
      return median((turn && costs.get(turn)) ?? []);
    };
    const own = sides.filter((side) => variantsOn(side, all).includes(variant));
    return own.flatMap((side) => rowsOf(variant, side, lengths, cost));
  });
  return { name: NAME, title: TITLE, rows, notes: NOTES };
}

/** That a token costs the same in a long reply as in a short one, and with many known keys. */
export const flat: Measurement = {
  name: NAME,
  run: async (bench) => {
    await using started = new AsyncDisposableStack();
    const sides: Side[] = [];
    for (const keys of KEYS) {
      const app = await bench.startApp({ accessKeys: keys });
      started.defer(() => app.close());
      const meter = await CpuMeter.watch(app.pid);
      if (meter !== undefined) sides.push({ keys, app, meter });
    }
    if (sides.length > 0) return await measure(bench, sides);
    return { name: NAME, title: TITLE, rows: [], notes: ["skipped: this system does not tell"] };
  },
};
