import { join } from "node:path";
import { DEFAULT_PORTS } from "../../lib/contract.ts";
import { readAccessList } from "../access/list-file.ts";
import { readOrMakeSecret, sha256Hex } from "../keys.ts";
import { provideBuild, startApp } from "./app.ts";
import { checkEnvironment } from "./check-environment.ts";
import { chooseDoorPort, provideCaddy, startDoor } from "./door.ts";
import { type Engine, startEngine } from "./engine.ts";
import { appEnvironment, type AppSettings } from "./environment.ts";
import { unusedNotes } from "./unused.ts";
import type { Place, UpOptions } from "./place.ts";
import { choosePort } from "./ports.ts";

/** Everything that answers, once it does. */
export interface Chain extends Engine {
  readonly app: string;
  readonly door: string;
  readonly accessKey: string;
}

interface Secrets {
  readonly doorKey: string;
  readonly accessKey: string;
  readonly settings: AppSettings;
}

const chooseAppPort = ({ port, host }: UpOptions) =>
  choosePort({ named: port, from: DEFAULT_PORTS.app, host, option: "--port" });

async function choosePorts(options: UpOptions) {
  return { app: await chooseAppPort(options), door: await chooseDoorPort(options.doorPort) };
}

/** Ports and secrets: looked at first, so that a mistake costs nobody a build. */
function provideKeys({ home, progress }: Place, options: UpOptions): Promise<Secrets> {
  return progress.step("Keys and ports", async (step) => {
    const { app, door } = await choosePorts(options);
    const doorKey = await readOrMakeSecret(home, "door-key");
    const accessKey = await readOrMakeSecret(home, "access-key");
    const settings = {
      doorUrl: `http://127.0.0.1:${door.port}`,
      doorKey,
      sessionSecret: await readOrMakeSecret(home, "session-secret"),
      accessKeyHash: sha256Hex(accessKey),
      namedKeys: await readAccessList(home),
    };
    for (const { note } of [app, door]) if (note !== undefined) progress.write(`  ${note}`);
    step.say(`${app.port} and ${door.port}`);
    return { doorKey, accessKey, settings };
  });
}

/** What the app is started with, by the app's own rules. */
function prepareEnvironment(
  { root, env, progress }: Place,
  settings: AppSettings,
): Promise<Readonly<Record<string, string>>> {
  return progress.step("Environment", async (step) => {
    for (const note of await unusedNotes(root, env)) progress.write(`  ${note}`);
    const appEnv = appEnvironment(env, settings);
    await checkEnvironment(root, appEnv, env["ACCESS_KEYS"]);
    step.say("checked");
    return appEnv;
  });
}

/**
 * Starts the chain from its far end, proving each part before the next.
 *
 * @throws Problem, or the reason of the signal that ended it
 */
export async function startChain(place: Place, options: UpOptions): Promise<Chain> {
  const { signal } = place;
  const { doorKey, accessKey, settings } = await provideKeys(place, options);
  const appEnv = await prepareEnvironment(place, settings);
  const caddy = await provideCaddy(place);
  signal.throwIfAborted();
  const engine = await startEngine(place, options.isDemo);
  signal.throwIfAborted();
  const wish = { named: options.doorPort, engineUrl: engine.note.url, key: doorKey };
  const door = await startDoor(place, caddy, wish);
  signal.throwIfAborted();
  if (!options.isDev) await provideBuild(place);
  signal.throwIfAborted();
  const { host, isDev } = options;
  const { port } = await chooseAppPort(options);
  const appWish = { host, isDev, port, env: { ...appEnv, OLLAMA_BASE_URL: door } };
  const app = await startApp(place, appWish, accessKey);
  return { ...engine, app, door, accessKey };
}

/** The file of the local access key. */
export const accessKeyFile = (home: string): string => join(home, "access-key");
