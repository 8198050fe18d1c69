import { readdir } from "node:fs/promises";

/**
 * Ends the servers of test workers that were themselves ended too hard to do it: their process
 * groups are noted in the run's folder by tests/helpers/child.ts.
 */
export async function sweepGroups(state: string): Promise<void> {
  for (const name of await readdir(state)) {
    const pid = Number(/^group-(\d+)$/u.exec(name)?.[1]);
    if (Number.isInteger(pid)) {
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // It has ended already.
      }
    }
  }
}
