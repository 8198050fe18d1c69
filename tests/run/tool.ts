import { join } from "node:path";
import { ROOT } from "../helpers/copy-tree.ts";
import { runCommand, type CommandResult } from "../provision/run-command.ts";
import type { RunContext } from "./stage.ts";

/** A tool that hangs is a failure, not a wait for ever. */
const LIMIT_MS = 15 * 60_000;

/** Runs a development dependency by its command name, in the root of the tree. */
export function runTool(
  context: RunContext,
  [name, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return runCommand([join(ROOT, "node_modules/.bin", name), ...args], {
    cwd: ROOT,
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(LIMIT_MS)]),
    env: {
      ...process.env,
      LATCHKEY_TEST_STATE: context.state,
      LATCHKEY_TEST_BUILD: context.build,
      NEXT_TELEMETRY_DISABLED: "1",
      NO_UPDATE_NOTIFIER: "1",
      ...env,
    },
  });
}
