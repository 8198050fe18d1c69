import { startDemoEngine, type DemoEngine } from "../../gateway/demo/server.ts";
import { startApp, type App } from "./app.ts";
import { makeCredentials } from "./credentials.ts";
import { startDoor } from "./door.ts";
import { startOllama } from "./ollama.ts";

type Door = Awaited<ReturnType<typeof startDoor>>;

interface Engine {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface Chain {
  readonly engine: Engine;
  /** The controls and requests of the demo engine; undefined behind another. */
  readonly demo: DemoEngine | undefined;
  readonly door: Door;
  readonly app: App;
  readonly accessKey: string;
  readonly doorKey: string;
  /** Headers of a caller whom the app lets in. */
  readonly headers: Readonly<Record<string, string>>;
  /** A door in place of one that was closed: same port, same key. */
  reopenDoor(): Promise<void>;
  /** Ends all that is still running. */
  close(): Promise<void>;
}

export interface ChainOptions {
  /** The demo engine, a real Ollama with the scripted models, or one that runs at an address. */
  readonly engine: "demo" | "ollama" | { readonly url: string };
  readonly door?: { readonly mutate?: (caddyfile: string) => string };
  readonly app?: { readonly env: Readonly<Record<string, string>> };
}

async function startEngine(
  engine: ChainOptions["engine"],
): Promise<{ engine: Engine; demo: DemoEngine | undefined }> {
  if (engine === "demo") {
    const demo = await startDemoEngine();
    return { engine: demo, demo };
  }
  if (engine === "ollama") {
    return { engine: await startOllama(), demo: undefined };
  }
  const port = Number(new URL(engine.url).port);
  return { engine: { url: engine.url, port, close: () => Promise.resolve() }, demo: undefined };
}

/**
 * The whole chain but the browser: engine, a real Caddy as the door, the app's production build,
 * with keys of its own.
 */
export async function startChain(options: ChainOptions): Promise<Chain> {
  const { doorKey, accessKey, appEnv } = makeCredentials();
  await using started = new AsyncDisposableStack();
  const { engine, demo } = await startEngine(options.engine);
  started.defer(() => engine.close());
  const openDoor = (port?: number): Promise<Door> =>
    startDoor({
      ollamaUrl: engine.url,
      key: doorKey,
      ...(port === undefined ? {} : { port }),
      ...options.door,
    });
  let door = await openDoor();
  started.defer(() => door.close());
  const app = await startApp({
    env: {
      OLLAMA_BASE_URL: door.url,
      OLLAMA_API_KEY: doorKey,
      ...appEnv,
      ...options.app?.env,
    },
  });
  started.defer(() => app.close());
  const running = started.move();
  return {
    engine,
    demo,
    app,
    accessKey,
    doorKey,
    headers: { authorization: `Bearer ${accessKey}` },
    get door() {
      return door;
    },
    reopenDoor: async () => {
      door = await openDoor(door.port);
    },
    close: () => running.disposeAsync(),
  };
}
