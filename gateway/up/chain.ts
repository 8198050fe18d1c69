import { join } from "node:path";
import { DEFAULT_PORTS } from "../../lib/contract.ts";
import { readOrMakeSecret, sha256Hex } from "../keys.ts";
import { provideBuild, startApp } from "./app.ts";
import { checkEnvironment } from "./check-environment.ts";
import { provideCaddy, startDoor } from "./door.ts";
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
  readonly appPort: number;
  readonly doorPort: number;
  readonly doorKey: string;
  readonly accessKey: string;
  readonly appEnv: Readonly<Record<string, string>>;
}

async function choosePorts(options: UpOptions) {
  const door = await choosePort({
    named: options.doorPort,
    from: DEFAULT_PORTS.door,
    host: "127.0.0.1",
    option: "--door-port",
  });
  const app = await choosePort({
    named: options.port,
    from: DEFAULT_PORTS.app,
    host: options.host,
    option: "--port",
  });
  return { app, door };
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
    });
    await checkEnvironment(root, appEnv);
    const notes = [app.note, door.note].filter((note) => note !== undefined);
    step.say([`${app.port} and ${door.port}`, ...notes].join(", "));
    return { appPort: app.port, doorPort: door.port, doorKey, accessKey, appEnv };
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
  const { doorPort, doorKey, accessKey } = prepared;
  const caddy = await provideCaddy(place);
  signal.throwIfAborted();
  const engine = await startEngine(place, options.isDemo);
  signal.throwIfAborted();
  const wish = { port: doorPort, engineUrl: engine.note.url, key: doorKey };
  const door = await startDoor(place, caddy, wish);
  signal.throwIfAborted();
  if (!options.isDev) await provideBuild(place);
  signal.throwIfAborted();
  const { host, isDev } = options;
  const appWish = { host, isDev, port: prepared.appPort, env: prepared.appEnv };
  const app = await startApp(place, appWish, accessKey);
  return { ...engine, app, door, accessKey };
}

/** The file of the local access key. */
export const accessKeyFile = (home: string): string => join(home, "access-key");
