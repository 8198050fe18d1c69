import { join } from "node:path";
import { ROUTES } from "../../lib/contract.ts";
import { publicEnvironment } from "../bootstrap/environment.mjs";
import { buildApp, nextProgram } from "./build.ts";
import type { Place, UpOptions } from "./place.ts";
import { confirmPort } from "./ports.ts";
import { proveChain } from "./prove-chain.ts";
import { type Service, superviseService } from "./supervisor.ts";

/** Addresses that stand for all of a machine's; one talks to them through loopback. */
export const EVERYWHERE: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** An address as it stands in a URL. */
const inUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** The address under which this machine reaches what listens on the host. */
const reach = (host: string, port: number): string =>
  `http://${EVERYWHERE.has(host) ? "127.0.0.1" : inUrl(host)}:${port}`;

export interface AppWish extends Pick<UpOptions, "host" | "isDev"> {
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

function describeApp({ root, home }: Place, wish: AppWish): Service {
  const { host, port, isDev, env } = wish;
  const health = `${reach(host, port)}${ROUTES.health}`;
  const logFile = join(home, "app.log");
  return {
    name: "The app",
    command: process.execPath,
    args: [nextProgram(root), isDev ? "dev" : "start", "-p", String(port), "-H", host],
    env: { ...env, NODE_ENV: isDev ? "development" : "production" },
    cwd: root,
    logFile,
    // Any answer: what it says of its configuration is told when a message is sent.
    isReady: async () => (await fetch(health)).status > 0,
    confirm: (pid) => confirmPort(port, pid, "--port"),
    // Asked to end, next dev leaves a process of its own behind, for its telemetry, switched off or not.
    ...(isDev ? { graceMs: 0 } : {}),
    patienceMs: isDev ? 120_000 : 30_000,
    fix: `Look at ${logFile}.`,
  };
}

/** Makes the production build where it is not there. */
export function provideBuild(place: Place): Promise<void> {
  const { root, home, env, household, progress } = place;
  return progress.step("Build", async (step) => {
    step.say("building the app");
    const isNew = await buildApp(household, { root, home, env: publicEnvironment(env) });
    step.say(isNew ? "made" : "kept, nothing changed");
  });
}

/**
 * Starts the app and lets one streamed reply come through the whole chain.
 *
 * @returns its address
 */
export async function startApp(place: Place, wish: AppWish, accessKey: string): Promise<string> {
  const { household, progress, signal, watching } = place;
  const url = reach(wish.host, wish.port);
  await progress.step("App", async (step) => {
    await superviseService(household, describeApp(place, wish), watching);
    step.say(url);
  });
  await progress.step("A first reply", async (step) => {
    const proof = await proveChain(url, accessKey, {
      signal,
      say: (detail) => {
        step.say(detail);
      },
    });
    step.say(`${proof.parts} pieces, the first after ${Math.round(proof.firstMs)} ms`);
  });
  return url;
}
