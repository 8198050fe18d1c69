import { spawn } from "node:child_process";

export interface CommandResult {
  readonly ok: boolean;
  /** stdout and stderr in the order they came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment; absent: this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the command, which then is a result that is not ok. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a command to its end without a terminal. A command that cannot be started is a result that
 * is not ok, with the reason as its output.
 */
export function runCommand(
  command: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: options.env ?? process.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => {
      output += `${error.message}\n`;
      if (child.pid === undefined) {
        resolve({ ok: false, output });
      }
    });
    child.on("close", (code) => {
      resolve({ ok: code === 0, output });
    });
  });
}
