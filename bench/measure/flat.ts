import { now } from "../clock.ts";
import { CpuMeter, inTurns } from "../cpu.ts";
import { fieldOf, warmUp } from "../field.ts";
import type { Bench, Measurement } from "../measurement.ts";
import { askFor } from "../replies.ts";
import type { Report, Row } from "../report.ts";
import type { Server } from "../servers.ts";
import { median } from "../statistics.ts";
import type { Variant } from "../variants.ts";
import { paced } from "../wire/plan.ts";

const NAME = "flat";
const TITLE = "CPU ms a 1,000 tokens, by length of reply and by known keys";
const TARGET = 1.1;
const KEYS = [1, 500] as const;
/** Tokens of a reply, and how often each worker asks for one in a sample. */
const LENGTHS = [
  { tokens: 1, replies: 12 },
  { tokens: 1000, replies: 12 },
  { tokens: 10_000, replies: 2 },
  { tokens: 100_000, replies: 1 },
] as const;
const QUICK_LENGTHS = [
  { tokens: 1, replies: 10 },
  { tokens: 1000, replies: 2 },
  { tokens: 5000, replies: 1 },
] as const;
/** So fast that the longest is over in half a minute, so slow that its tokens are not read all at once. */
const RATE = 4000;
/**
 * The one token of a reply comes as late as the last of a short one: requests one right after the other find the
 * processor's caches warm and cost about half of what they cost beside a stream.
 */
const ONE_TOKEN_MS = 250;
const WORKERS = 2;
const NOTES = [
  `${WORKERS} streams at ${RATE} tokens/s, less what a reply costs whose one token comes after ${ONE_TOKEN_MS} ms`,
  '("request"); held against the middle length with 1 key. The floor\'s own rows show by how much',
  "such figures go up and down where nothing grows.",
] as const;

/** An app that knows so many keys. */
interface Side {
  readonly keys: number;
  readonly app: Server;
  readonly meter: CpuMeter;
}

interface Length {
  readonly tokens: number;
  readonly replies: number;
}

interface Turn extends Length {
  readonly side: Side;
  readonly variant: Variant;
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
    ((cost(known, tokens) - cost(known, 1)) * 1000) / (tokens - 1);
  const label = `${variant.name}, ${keys} ${keys === 1 ? "key" : "keys"}`;
  const [least] = KEYS;
  const middle = lengths[1] ?? Number.NaN;
  const tokens = lengths.map((length) => ({
    variant: `${label}, ${length / 1000}k`,
    value: perThousand(keys, length),
    floor: perThousand(least, middle),
    against: "ratio" as const,
    target: variant.kind === "floor" ? undefined : TARGET,
  }));
  const request = { value: cost(keys, 1), floor: cost(least, 1), against: "ratio" as const };
  return [...tokens, { variant: `${label}, request`, ...request }];
}

async function measure(
  bench: Bench,
  sides: readonly Side[],
  { all, quick }: { readonly all: readonly Variant[]; readonly quick: boolean },
): Promise<Report> {
  const lengths: readonly Length[] = quick ? QUICK_LENGTHS : LENGTHS;
  const turns = sides.flatMap((side) =>
    variantsOn(side, all).flatMap((variant) =>
      lengths.map((length): Turn => ({ side, variant, ...length })),
    ),
  );
  const ask = async ({ side, variant, tokens }: Turn, replies: number): Promise<void> => {
    const worker = async (): Promise<void> => {
      for (let reply = 0; reply < replies; reply += 1) {
        const at = now() + (tokens === 1 ? ONE_TOKEN_MS : 0);
        await askFor(bench, side.app, variant, paced(tokens, RATE, at));
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
  };
  const sample = async (turn: Turn): Promise<number> => {
    const cost = await turn.side.meter.of(() => ask(turn, turn.replies));
    return cost / (turn.replies * WORKERS);
  };
  // The longest replies take minutes in all, and so many tokens that one sample tells.
  const isLong = ({ tokens }: Turn): boolean => tokens === lengths.at(-1)?.tokens;
  const short = turns.filter((turn) => !isLong(turn));
  const costs = new Map([
    ...(await inTurns(short, quick ? 1 : 5, sample)),
    ...(await inTurns(turns.filter(isLong), 1, sample)),
  ]);
  const rows = all.flatMap((variant) => {
    const cost = (keys: number, tokens: number): number => {
      const turn = turns.find(
        (each) => each.variant === variant && each.side.keys === keys && each.tokens === tokens,
      );
      return median((turn && costs.get(turn)) ?? []);
    };
    const own = sides.filter((side) => variantsOn(side, all).includes(variant));
    const counted = lengths.map(({ tokens }) => tokens).filter((tokens) => tokens > 1);
    return own.flatMap((side) => rowsOf(variant, side, counted, cost));
  });
  return { name: NAME, title: TITLE, rows, notes: NOTES };
}

/** That a token costs the same in a long reply as in a short one, and with many known keys. */
export const flat: Measurement = {
  name: NAME,
  run: async (bench) => {
    const { quick, only } = bench.settings;
    const names = only.length === 0 ? ["/api/chat", "/v1/chat/completions"] : only;
    const { all } = await fieldOf(bench, ["relay"], names);
    await using started = new AsyncDisposableStack();
    const sides: Side[] = [];
    for (const keys of KEYS) {
      const app = await bench.startApp({ accessKeys: keys });
      started.defer(() => app.close());
      await warmUp(bench, app, all);
      const meter = await CpuMeter.watch(app.pid);
      if (meter !== undefined) sides.push({ keys, app, meter });
    }
    if (sides.length > 0) return await measure(bench, sides, { all, quick });
    return { name: NAME, title: TITLE, rows: [], notes: ["skipped: this system does not tell"] };
  },
};
