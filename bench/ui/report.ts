/** One figure of the table. */
export interface Figure {
  /** What it is, its unit at the end: `long tasks, ms`. */
  readonly name: string;
  /** Undefined: what is measured is not there yet. */
  readonly value: number | undefined;
  /** The same of the floor page, in the same run. */
  readonly floor?: number | undefined;
  /** What is wanted: at most, or at least, this. */
  readonly target?: Target | undefined;
}

export type Target = { readonly most: number } | { readonly least: number };

/** What a measurement found. */
export interface UiReport {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
}

/** Eighty columns. */
const WIDTHS = [44, 10, 10, 10, 6] as const;
const HEAD = ["", "target", "floor", "reached", ""] as const;

export type Verdict = "ok" | "over" | "under" | "not there yet" | "";

/** Plainly: whether what was wanted was reached. */
export function verdict({ value, target }: Figure): Verdict {
  if (value === undefined) return "not there yet";
  if (target === undefined) return "";
  if ("most" in target) return value <= target.most ? "ok" : "over";
  return value >= target.least ? "ok" : "under";
}

function digits(value: number | undefined): string {
  if (value === undefined) return "";
  return Math.abs(value) >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}

function targetText(target: Target | undefined): string {
  if (target === undefined) return "";
  return "most" in target ? `<= ${target.most}` : `>= ${target.least}`;
}

function line(cells: readonly string[]): string {
  const padded = cells.map((cell, index) => {
    const width = WIDTHS[index] ?? 0;
    return index === 0 ? cell.padEnd(width) : cell.padStart(width);
  });
  return padded.join("");
}

function figureLine(figure: Figure): string {
  const { name, target, floor, value } = figure;
  const cells = [name, targetText(target), digits(floor)];
  const said = verdict(figure);
  // These words are wider than the column of figures.
  return value === undefined
    ? `${line(cells)}  ${said}`
    : line([...cells, digits(value), said]).trimEnd();
}

/** The table as a person reads it, at 80 columns. */
export function uiReportText({ name, title, figures, notes }: UiReport): string {
  const said = notes.map((note) => `  ${note}`);
  const head = figures.length === 0 ? [] : [line(HEAD).trimEnd()];
  return [`${name}: ${title}`, ...said, ...head, ...figures.map(figureLine), ""].join("\n");
}
