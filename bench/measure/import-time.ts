import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../tests/provision/run-command.ts";
import { now } from "../clock.ts";
import { inTurns } from "../cpu.ts";
import type { Bench, Measurement } from "../measurement.ts";
import type { Row } from "../report.ts";
import { median } from "../statistics.ts";

const TARGET_MS = 60;
const EMPTY = "/api/bench/empty";
/** As folders of the app; what is not there is left out. */
const ROUTES = ["/api/chat", "/v1/[...path]", "/ollama/[[...path]]"] as const;

function bundleOf(folder: string, route: string): string {
  return join(folder, ".next/server/app", route, "route.js");
}

/**
 * A whole process that loads a route's bundle and its handlers, and does nothing else. Next 16 loads the
 * handlers at the first request, through `userland`, so the bundle's file alone tells nothing of ours.
 */
async function loadingMs(bench: Bench, route: string): Promise<number> {
  const file = JSON.stringify(bundleOf(bench.folder, route));
  const script = `Promise.resolve(require(${file}))
    .then(({ routeModule }) => routeModule.userland)
    .then((handlers) => process.exit(Object.keys(handlers).length > 0 ? 0 : 1))`;
  const began = now();
  const { ok, output } = await runCommand([process.execPath, "-e", script], {
    cwd: bench.folder,
    env: { NODE_ENV: "production", PATH: process.env["PATH"] },
    signal: bench.signal,
  });
  if (!ok) bench.fail(`import-time, ${route}: ${output}`);
  return now() - began;
}

/** What a cold start pays for our code, over a route that has none. */
export const importTime: Measurement = {
  name: "import-time",
  run: async (bench) => {
    const there = ROUTES.filter((route) => existsSync(bundleOf(bench.folder, route)));
    const times = await inTurns([EMPTY, ...there], bench.settings.quick ? 5 : 15, (route) =>
      loadingMs(bench, route),
    );
    const floor = median(times.get(EMPTY) ?? []);
    const rows = there.map((route): Row => ({
      variant: route,
      value: median(times.get(route) ?? []),
      floor,
      against: "difference",
      target: TARGET_MS,
    }));
    const title = "ms of a process that imports the route's bundle; floor: an empty route's";
    return { name: "import-time", title, rows, notes: [] };
  },
};
