import { Client } from "./client/ask.ts";
import type { Bench, Settings } from "./measurement.ts";
import { startApp, startUpstream } from "./servers.ts";

export interface OpenBench extends Bench, AsyncDisposable {
  /** Failures so far. */
  readonly problems: readonly string[];
  readonly leftOut: readonly string[];
}

interface BenchPlace {
  readonly settings: Settings;
  /** Where the measured build is. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Starts the upstream and the app; disposing of it ends them. */
export async function openBench({ settings, folder, signal }: BenchPlace): Promise<OpenBench> {
  await using started = new AsyncDisposableStack();
  const upstream = await startUpstream();
  started.defer(() => upstream.close());
  const open: Bench["startApp"] = (options) =>
    startApp({ folder, upstreamUrl: upstream.url, ...options });
  const app = await open();
  started.defer(() => app.close());
  const client = new Client();
  started.defer(() => client.close());
  const problems: string[] = [];
  const leftOut: string[] = [];
  const running = started.move();
  return {
    settings,
    folder,
    upstream,
    app,
    client,
    signal,
    problems,
    leftOut,
    startApp: open,
    fail: (problem) => {
      problems.push(problem);
    },
    leaveOut: (what) => {
      if (!leftOut.includes(what)) console.log(`Left out: ${what}`);
      leftOut.push(what);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
