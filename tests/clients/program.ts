import { spawn } from "node:child_process";
import { once } from "node:events";

/** How a program ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that ended with another code than 0. */
export class ProgramFailed extends Error {
  readonly ended: Ended;

  constructor(program: string, ended: Ended) {
    super(`${program} ended with ${ended.code}: ${ended.stderr}${ended.stdout}`);
    this.ended = ended;
  }
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Takes each piece of its output; `interrupt` does what Ctrl-C does. */
  readonly onPiece?: (text: string, interrupt: () => void) => void;
}

/**
 * Runs a program to its end; nothing is on its stdin.
 *
 * @throws ProgramFailed unless it ends with 0, or was interrupted
 */
export async function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  { env = {}, onPiece }: ProgramOptions = {},
): Promise<Ended> {
  const child = spawn(program, args, {
    env: { NODE_ENV: "production", PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
    child.kill("SIGINT");
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onPiece?.(text, interrupt);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  await once(child, "close");
  const ended = { code: child.exitCode, stdout, stderr };
  if (ended.code !== 0 && !isInterrupted) throw new ProgramFailed(program, ended);
  return ended;
}
