import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { CAPABILITIES, type Capability } from "./client.ts";

/** What became of a cell; a reason stands for "cannot". */
export type Outcome = "ok" | "FAILED" | { readonly reason: string };

/** Client by capability, as a person reads it. */
export class Table {
  readonly #title: string;
  readonly #rows = new Map<string, Map<Capability, Outcome>>();

  constructor(title: string) {
    this.#title = title;
  }

  note(client: string, capability: Capability, outcome: Outcome): void {
    const row = this.#rows.get(client) ?? new Map<Capability, Outcome>();
    this.#rows.set(client, row.set(capability, outcome));
  }

  /** A line for each client, then the reasons that the numbers stand for. */
  lines(): readonly string[] {
    const reasons: string[] = [];
    const cellText = (outcome: Outcome | undefined): string => {
      if (outcome === undefined) return "-";
      if (typeof outcome === "string") return outcome;
      if (!reasons.includes(outcome.reason)) reasons.push(outcome.reason);
      return `(${reasons.indexOf(outcome.reason) + 1})`;
    };
    const clients = [...this.#rows].map(([client, row]) => [
      client,
      ...CAPABILITIES.map((capability) => cellText(row.get(capability))),
    ]);
    const table = [[this.#title, ...CAPABILITIES], ...clients];
    const widths = table[0]?.map((_, column) =>
      Math.max(...table.map((row) => row[column]?.length ?? 0)),
    );
    return [
      ...table.map((row) =>
        row
          .map((text, column) => text.padEnd(widths?.[column] ?? 0))
          .join("  ")
          .trimEnd(),
      ),
      ...reasons.map((reason, index) => `(${index + 1}) ${reason}`),
    ];
  }
}

/** Gives lines to the run, which prints them below its stage as it does figures (helpers/measurement.ts). */
export function recordLines(lines: readonly string[]): void {
  const folder = process.env["LATCHKEY_TEST_STATE"];
  if (folder === undefined) console.log(lines.join("\n"));
  else appendFileSync(join(folder, "measurements.txt"), `${lines.join("\n")}\n`);
}
