import { join } from "node:path";
import { DEFAULT_PORTS } from "../../lib/contract.ts";
import { readAccessList } from "../access/list-file.ts";
import { readOrMakeSecret, sha256Hex } from "../keys.ts";
import { provideBuild, startApp } from "./app.ts";
import { checkEnvironment } from "./check-environment.ts";
import { chooseDoorPort, provideCaddy, startDoor } from "./door.ts";
import { type Engine, startEngine } from "./engine.ts";
import { appEnvironment } from "./environment.ts";
import type { Place, UpOptions } from "./place.ts";
import { choosePort } from "./ports.ts";

/** Everything that answers, once it does. */
export interface Chain extends Engine {
  readonly app: string;
  readonly door: string;
  readonly accessKey: string;
}

interface Prepared {
  readonly doorKey: string;
  readonly accessKey: string;
  readonly appEnv: Readonly<Record<string, string>>;
}

const chooseAppPort = ({ port, host }: UpOptions) =>
  choosePort({ named: port, from: DEFAULT_PORTS.app, host, option: "--port" });

async function choosePorts(options: UpOptions) {
  return { app: await chooseAppPort(options), door: await chooseDoorPort(options.doorPort) };
}

/** Ports, secrets and environment: checked first, so that a mistake costs nobody a build. */
function prepare({ root, home, env, progress }: Place, options: UpOptions): Promise<Prepared> {
  return progress.step("Keys and ports", async (step) => {
    const { app, door } = await choosePorts(options);
    const doorKey = await readOrMakeSecret(home, "door-key");
    const accessKey = await readOrMakeSecret(home, "access-key");
    const appEnv = appEnvironment(env, {
      doorUrl: `http://127.0.0.1:${door.port}`,
      doorKey,
      sessionSecret: await readOrMakeSecret(home, "session-secret"),
      accessKeyHash: sha256Hex(accessKey),
      namedKeys: await readAccessList(home),
    });
    await checkEnvironment(root, appEnv);
    const notes = [app.note, door.note].filter((note) => note !== undefined);
    step.say([`${app.port} and ${door.port}`, ...notes].join(", "));
    return { doorKey, accessKey, appEnv };
  });
}

/**
 * Starts the chain from its far end, proving each part before the next.
 *
 * @throws Problem, or the reason of the signal that ended it
 */
export async function startChain(place: Place, options: UpOptions): Promise<Chain> {
  const { signal } = place;
  const prepared = await prepare(place, options);
  const { doorKey, accessKey } = prepared;
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
  const appWish = { host, isDev, port, env: { ...prepared.appEnv, OLLAMA_BASE_URL: door } };
  const app = await startApp(place, appWish, accessKey);
  return { ...engine, app, door, accessKey };
}

/** The file of the local access key. */
export const accessKeyFile = (home: string): string => join(home, "access-key");
