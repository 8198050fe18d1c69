/** Knocks at a door that was just started, the way strangers and the app do, over real sockets. */
import type { Check, Proof } from "./verify/check.ts";
import { runQuick } from "./verify/run.ts";

export type { Check, Proof };

const LONGEST_MS = 10_000;

/**
 * Proves that the door at `url` is shut to strangers and open to `key`; takes up to ten seconds where
 * nothing answers. Never throws for what it finds: that is in the checks.
 *
 * @param url `http://` and loopback: the right key is sent to it.
 */
export async function proveDoor({ url, key }: { url: string; key: string }): Promise<Proof> {
  const wish = {
    url: new URL(url),
    key,
    authority: undefined,
    engineUrl: undefined,
    spec: undefined,
    changedFiles: undefined,
    logs: { access: [], error: [] },
    app: undefined,
    configFile: undefined,
    programs: {},
    isSlow: false,
    silenceMs: 0,
  };
  return { url, checks: await runQuick(wish, AbortSignal.timeout(LONGEST_MS)) };
}
