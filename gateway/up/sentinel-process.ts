import { spawn } from "node:child_process";
import { once } from "node:events";
import { publicEnvironment } from "../bootstrap/environment.mjs";
import { PROGRAM } from "../one-file.ts";

export interface Sentinel {
  readonly pid: number;
  /** Lets it go; resolves when it has ended. */
  close(): Promise<void>;
}

/** Starts the process that ends everything if this one is killed (see sentinel.ts). */
export async function startSentinel(home: string): Promise<Sentinel> {
  const args = [PROGRAM, "--part=sentinel", home, String(process.pid)];
  const child = spawn(process.execPath, args, {
    // Out of the terminal's group: what ends `up` must not end it too.
    detached: true,
    windowsHide: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { ...publicEnvironment(process.env), NODE_ENV: "production" },
  });
  await once(child, "spawn");
  const ended = once(child, "exit");
  const close = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  return { pid: child.pid ?? 0, close };
}
