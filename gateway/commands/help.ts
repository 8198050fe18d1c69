import type { Command } from "./command.ts";

/** Two columns, the first as wide as its longest entry. */
function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

const HELP_ROW = ["--help", "Show this"] as const;

const withOperands = ({ operands }: Command, start: string): string =>
  [start, ...Object.keys(operands)].join(" ");

/** The list of commands. */
export function helpForAll(commands: readonly Command[]): string {
  const rows = commands.map(
    (command) => [withOperands(command, command.name), command.summary] as const,
  );
  return [
    "Puts the Ollama on your own GPU safely on the web.",
    "",
    "npm run latchkey -- COMMAND [OPTIONS]",
    "",
    table(rows),
    "",
    "More about one: npm run latchkey -- COMMAND --help",
  ].join("\n");
}

/** One command, its operands and its options. */
export function helpFor(command: Command): string {
  const { summary, typed, operands, options, notes = [] } = command;
  const rows = Object.entries(options).map(([name, { value, about }]) => {
    const left = value === undefined ? `--${name}` : `--${name} ${value}`;
    return [left, about] as const;
  });
  return [
    `${summary}.`,
    "",
    `${withOperands(command, typed)} [OPTIONS]`,
    "",
    table([...Object.entries(operands), ...rows, HELP_ROW]),
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ].join("\n");
}
