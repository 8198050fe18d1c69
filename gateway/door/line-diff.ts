/** What differs between two texts, line by line; pure. */

/** Lines around a change that are shown with it. */
const AROUND = 1;

/** For each pair of rests of both texts, how many lines they have in common, in order. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const table = Array.from({ length: before.length + 1 }, () =>
    Array.from({ length: after.length + 1 }, () => 0),
  );
  for (let row = before.length - 1; row >= 0; row -= 1) {
    const [line, next] = [table[row] ?? [], table[row + 1] ?? []];
    for (let column = after.length - 1; column >= 0; column -= 1) {
      line[column] =
        before[row] === after[column]
          ? (next[column + 1] ?? 0) + 1
          : Math.max(next[column] ?? 0, line[column + 1] ?? 0);
    }
  }
  return table;
}

function allLines(before: readonly string[], after: readonly string[]): string[] {
  const table = commonLengths(before, after);
  const lines: string[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const isSame = row < before.length && before[row] === after[column];
    const below = table[row + 1]?.[column] ?? -1;
    const beside = table[row]?.[column + 1] ?? -1;
    if (isSame) lines.push(`  ${before[row]}`);
    else if (row < before.length && below >= beside) lines.push(`- ${before[row]}`);
    else lines.push(`+ ${after[column]}`);
    if (isSame || lines.at(-1)?.startsWith("- ") === true) row += 1;
    if (isSame || lines.at(-1)?.startsWith("+ ") === true) column += 1;
  }
  return lines;
}

/**
 * The lines that go (`- `) and come (`+ `), each with the line around it (two spaces), and `...` for
 * what is left out between.
 *
 * @returns nothing where both are the same
 */
export function lineDiff(before: string, after: string): string[] {
  if (before === after) return [];
  const lines = allLines(before.trimEnd().split("\n"), after.trimEnd().split("\n"));
  const isNear = (index: number): boolean =>
    lines
      .slice(Math.max(0, index - AROUND), index + AROUND + 1)
      .some((line) => !line.startsWith("  "));
  const shown = lines.map((line, index) => (isNear(index) ? line : undefined));
  return shown.flatMap((line, index) => {
    if (line !== undefined) return [line];
    const isGap = index > 0 && shown[index - 1] !== undefined && shown.slice(index).some(Boolean);
    return isGap ? ["..."] : [];
  });
}
