import { UsageError } from "./command.ts";

/**
 * A port given as an option; undefined when it is not given.
 *
 * @throws UsageError
 */
export function readPort(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new UsageError(`--${option} wants a number from 1 to 65535.`);
}
