/** Text that fits the terminal it is printed in. */

/** Where the output is no terminal, or one that does not know its width. */
const COLUMNS = 80;
const NARROWEST = 30;

interface Terminal {
  readonly isTTY: boolean;
  readonly columns: number;
}

/** Columns of a terminal; what a file or a pipe gets fits the usual 80. */
export function columnsOf({ isTTY, columns }: Terminal): number {
  // Undefined where it is no terminal, whatever its type says; 0 where nobody told it.
  return isTTY && columns > 0 ? columns : COLUMNS;
}

/** Breaks a text at spaces; the lines after the first are indented. A longer word stands alone. */
export function wrap(text: string, columns: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const next = line === "" ? word : `${line} ${word}`;
    const room = lines.length === 0 ? columns : columns - indent.length;
    if (next.length <= room || line === "") line = next;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].join(`\n${indent}`);
}

/**
 * Sentences broken at spaces for a terminal. A line that is indented or in columns is a command, a value or a row
 * of a table: it stays as it is, and so does everything where no terminal shows it.
 */
export function fitted(lines: readonly string[], terminal: Terminal = process.stdout): string {
  const columns = Math.max(NARROWEST, columnsOf(terminal));
  const fit = (line: string): string => (/^ | {2}/.test(line) ? line : wrap(line, columns));
  return (terminal.isTTY ? lines.map(fit) : lines).join("\n");
}
