import { appendFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Keeps a figure that was measured, not asserted; `npm test` prints it below its stage.
 *
 * @param name what was measured, as a person would say it
 */
export function recordMeasurement(name: string, milliseconds: number): void {
  const line = `${name}: ${milliseconds.toFixed(1)} ms`;
  const folder = process.env["LATCHKEY_TEST_STATE"];
  if (folder === undefined) {
    console.log(line);
  } else {
    appendFileSync(join(folder, "measurements.txt"), `${line}\n`);
  }
}
