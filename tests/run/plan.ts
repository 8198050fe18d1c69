import type { Stage } from "./stage.ts";

/**
 * The rows of stages that were asked for by name, with those they need; all when none was named.
 *
 * @throws Error that lists the names when one is unknown
 */
export function planStages(
  rows: readonly (readonly Stage[])[],
  names: readonly string[],
): readonly (readonly Stage[])[] {
  const stages = rows.flat();
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const known = stages.map((stage) => stage.name).join(", ");
    throw new Error(`There is no stage ${unknown.join(", ")}. The stages are: ${known}.`);
  }
  if (names.length === 0) {
    return rows;
  }
  const needed = stages.filter((stage) => names.includes(stage.name)).flatMap(({ needs }) => needs);
  const wanted = new Set([...names, ...needed]);
  return rows
    .map((row) => row.filter((stage) => wanted.has(stage.name)))
    .filter((row) => row.length > 0);
}
