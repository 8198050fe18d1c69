import { median } from "../statistics.ts";
import type { SiteName, UiChain } from "./chain.ts";
import type { Figure, Target, UiReport } from "./report.ts";

/** What a measurement works with. */
export interface UiBench {
  readonly chain: UiChain;
  /** Of which the median is told. */
  readonly runs: number;
}

export interface UiMeasurement {
  readonly name: string;
  run(bench: UiBench): Promise<UiReport>;
}

/** What one run found, by names that the measurement chooses; undefined: it is not there yet. */
export type Sample = Readonly<Record<string, number | undefined>>;

type Samples = Readonly<Record<SiteName, readonly Sample[]>>;

/** The floor and the app in turns, so that a drift of the machine hits both alike. */
export async function sideBySide(
  { chain, runs }: UiBench,
  sample: (site: UiChain["sites"][SiteName]) => Promise<Sample>,
): Promise<Samples> {
  const floor: Sample[] = [];
  const app: Sample[] = [];
  for (let run = 0; run < runs; run += 1) {
    floor.push(await sample(chain.sites.floor));
    app.push(await sample(chain.sites.app));
  }
  return { floor, app };
}

/** The median of what the samples have under that name; undefined when any of them has nothing. */
export function medianOf(samples: readonly Sample[], key: string): number | undefined {
  const values = samples.flatMap((sample) => sample[key] ?? []);
  return values.length < samples.length || values.length === 0 ? undefined : median(values);
}

/** A line of the table out of the samples of both. */
export function figureOf(
  { floor, app }: Samples,
  key: string,
  { name, target }: { readonly name: string; readonly target?: Target },
): Figure {
  return { name, target, value: medianOf(app, key), floor: medianOf(floor, key) };
}
