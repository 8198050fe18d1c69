import { createHash, randomBytes } from "node:crypto";
import { type App, startApp } from "../helpers/app.ts";
import { type Chain, startChain } from "../helpers/chain.ts";
import { waitUntil } from "../helpers/wait-until.ts";
import type { Point } from "./client.ts";
import type { Asked, Engine } from "./engines.ts";

/** Callers whom the app with a limit knows: each client spends one of its own. */
const LIMITED_CALLERS = 20;

/** An engine, the door before it, and two apps at the door: one without limits, one with little left. */
export interface Site {
  readonly engine: Engine;
  /** With the right key; it knows the requests that come from now on. */
  readonly point: () => Point;
  /** One whose key has no request left this minute. */
  spentPoint(): Promise<Point>;
  close(): Promise<void>;
}

function pointAt(app: App, key: string, engine: Engine): Point {
  const asked = watch(engine);
  return {
    appUrl: app.url,
    key,
    models: engine.models,
    tell: () => undefined,
    begun: async () => {
      await waitUntil("the engine to answer", () => asked().at(-1)?.isBegun);
    },
    left: async () => {
      const over = (): Asked | undefined =>
        asked().find(({ isEnded, isLeft }) => isEnded || isLeft);
      return (await waitUntil("the engine to be done", over)).isLeft;
    },
  };
}

/** The requests for words that come from the call on. */
export function watch(engine: Engine): () => readonly Asked[] {
  const before = engine.asked().length;
  return () => engine.asked().slice(before);
}

function startLimitedApp(chain: Chain, keys: readonly string[], model: string): Promise<App> {
  const callers = keys.map((key, index) => {
    const hash = createHash("sha256").update(key).digest("hex");
    return `client${index}:member:${hash}`;
  });
  return startApp({
    env: {
      OLLAMA_BASE_URL: chain.door.url,
      OLLAMA_API_KEY: chain.doorKey,
      OLLAMA_MODEL: model,
      ACCESS_KEYS: callers.join(","),
      SESSION_SECRET: randomBytes(32).toString("hex"),
      REQUESTS_PER_MINUTE: "1",
    },
  });
}

export async function startSite(startEngine: () => Promise<Engine>): Promise<Site> {
  await using started = new AsyncDisposableStack();
  const engine = started.adopt(await startEngine(), (each) => each.close());
  const { answer } = engine.models;
  const env = { REQUESTS_PER_MINUTE: "0", MAX_ACTIVE: "4", OLLAMA_MODEL: answer };
  const chain = started.adopt(
    await startChain({ engine: { url: engine.url }, app: { env } }),
    (each) => each.close(),
  );
  const keys = Array.from({ length: LIMITED_CALLERS }, () => randomBytes(32).toString("base64url"));
  const limited = started.adopt(await startLimitedApp(chain, keys, answer), (each) => each.close());
  const running = started.move();
  return {
    engine,
    point: () => pointAt(chain.app, chain.accessKey, engine),
    async spentPoint() {
      const key = keys.pop() ?? "";
      const headers = { authorization: `Bearer ${key}` };
      const { ok } = await fetch(`${limited.url}/api/models`, { headers });
      if (!ok) throw new Error("The first request of a key was refused.");
      return pointAt(limited, key, engine);
    },
    close: () => running.disposeAsync(),
  };
}
