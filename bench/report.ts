/** One line of a measurement's table. */
export interface Row {
  readonly variant: string;
  readonly value: number;
  /** The same, measured beside it on the floor. */
  readonly floor?: number | undefined;
  /** Held against the floor by division or by subtraction; against nothing when absent. */
  readonly against?: "ratio" | "difference" | undefined;
  /** What is at most wanted: of the ratio, of the difference, or, without `against`, of the value. */
  readonly target?: number | undefined;
}

/** What a measurement found. */
export interface Report {
  readonly name: string;
  /** What was measured, with its unit. */
  readonly title: string;
  readonly rows: readonly Row[];
  /** What else is to be known: how it was done, what was left out. */
  readonly notes: readonly string[];
}

/** Eighty columns. */
const WIDTHS = [40, 9, 9, 8, 8, 6] as const;

function digits(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

/** The figure that the target is about. */
export function judged({ value, floor, against }: Row): number {
  if (floor === undefined || against === undefined) return value;
  return against === "ratio" ? value / floor : value - floor;
}

function againstText(row: Row): string {
  if (row.floor === undefined || row.against === undefined) return "";
  const figure = judged(row);
  if (row.against === "ratio") return `x${figure.toFixed(2)}`;
  return `${figure < 0 ? "" : "+"}${digits(figure)}`;
}

function targetText({ target, against, floor }: Row): string {
  if (target === undefined) return "";
  const sign = { ratio: "x", difference: "+", none: "" }[
    floor === undefined ? "none" : (against ?? "none")
  ];
  return `<=${sign}${target}`;
}

/** Plainly: whether what was wanted was reached. */
export function verdict(row: Row): "ok" | "over" | "" {
  if (row.target === undefined) return "";
  return judged(row) <= row.target ? "ok" : "over";
}

function line(cells: readonly string[]): string {
  const padded = cells.map((cell, index) => {
    const width = WIDTHS[index] ?? 0;
    return index === 0 ? cell.padEnd(width) : cell.padStart(width);
  });
  return padded.join("").trimEnd();
}

/** The table as a person reads it, at 80 columns. */
export function reportText(report: Report): string {
  const rows = report.rows.map((row) =>
    line([
      row.variant,
      digits(row.value),
      row.floor === undefined ? "" : digits(row.floor),
      againstText(row),
      targetText(row),
      verdict(row),
    ]),
  );
  const head = rows.length === 0 ? [] : [line(["", "value", "floor", "", "target", ""])];
  const notes = report.notes.map((note) => `  ${note}`);
  return [`${report.name}: ${report.title}`, ...notes, ...head, ...rows, ""].join("\n");
}
