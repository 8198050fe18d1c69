import type { Bench } from "./measurement.ts";
import { askFor, askInTurn } from "./replies.ts";
import type { Server } from "./servers.ts";
import { runStreams } from "./streams.ts";
import { CONTENDERS, floorOf, type Variant } from "./variants.ts";
import { fast } from "./wire/plan.ts";

/** What is measured side by side. */
export interface Field {
  /** What answers, with the floor it is held against. */
  readonly contenders: readonly { readonly variant: Variant; readonly floor: Variant }[];
  /** Floors and contenders, each once, in the order they take turns. */
  readonly all: readonly Variant[];
}

function isWanted({ name, kind }: Variant, only: readonly string[]): boolean {
  return only.length === 0 || only.includes(name) || only.includes(kind);
}

/**
 * The variants that are wanted and there, each asked once: what answers 404 is not built yet, what
 * fails otherwise is a failure, and both are left out of the tables.
 */
export async function fieldOf(
  bench: Bench,
  kinds: readonly Variant["kind"][],
  only: readonly string[] = bench.settings.only,
): Promise<Field> {
  const wanted = CONTENDERS.filter(
    (variant) => kinds.includes(variant.kind) && isWanted(variant, only),
  );
  const found: Variant[] = [];
  const silent = { client: bench.client, signal: bench.signal, fail: () => undefined };
  for (const variant of wanted) {
    const { status, problem } = await askFor(silent, bench.app, variant, fast(1));
    if (status === 404) bench.leaveOut(`${variant.name} answers 404`);
    else if (problem !== undefined) bench.fail(`${variant.name}, left out: ${problem}`);
    else found.push(variant);
  }
  const dialects = new Set(found.map(({ dialect }) => dialect));
  const floors = new Map([...dialects].map((dialect) => [dialect, floorOf(dialect)]));
  const contenders = found.map((variant) => ({
    variant,
    floor: floors.get(variant.dialect) ?? floorOf(variant.dialect),
  }));
  return { contenders, all: [...floors.values(), ...found] };
}

/** Until V8 has compiled what is hot: a request costs twice as much before some 800 of them. */
const WARM_UP = [
  { replies: 800, tokens: 8 },
  { replies: 4, tokens: 5000 },
  { replies: 2, tokens: 5000, chunk: 1 },
] as const;
const WARM_STREAMS = { count: 16, rate: 100, tokens: 50, rampMs: 100 } as const;

const warmed = new WeakMap<Server, Set<string>>();

/** Runs each variant until its code is hot in this server's process; what is hot already is left alone. */
export async function warmUp(
  bench: Pick<Bench, "client" | "fail" | "signal" | "settings">,
  server: Server,
  variants: readonly Variant[],
): Promise<void> {
  const done = warmed.get(server) ?? new Set<string>();
  warmed.set(server, done);
  for (const variant of variants.filter(({ name }) => !done.has(name))) {
    for (const { replies, ...work } of WARM_UP) {
      const enough = bench.settings.quick ? Math.ceil(replies / 8) : replies;
      await askInTurn(bench, server, variant, { ...work, replies: enough });
    }
    if (!bench.settings.quick) await runStreams(bench, server, variant, WARM_STREAMS);
    done.add(variant.name);
  }
}
