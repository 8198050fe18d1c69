import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions } from "playwright";
import { launchOptions, signIn } from "../../tests/helpers/browser.ts";
import { startChild } from "../../tests/helpers/child.ts";
import { findProgram } from "../../tests/provision/find.ts";
import { portOf, startApp } from "../servers.ts";
import { ROUTE_OF_CHAT, ROUTE_OF_FLOOR } from "./page/routes.ts";

export type SiteName = "app" | "floor";

/** One of the two pages that are measured side by side. */
export interface Site {
  readonly name: SiteName;
  /** The page that a new chat begins on. */
  readonly start: string;
  /** The page of the stored chat of this id. */
  chat(id: string): string;
  /** A signed-in person's cookies. */
  readonly storage: BrowserContextOptions["storageState"];
}

export interface UiChain extends AsyncDisposable {
  readonly browser: Browser;
  readonly sites: Readonly<Record<SiteName, Site>>;
  /** Where the engine says when an answer was written. */
  readonly engineUrl: string;
}

/** @throws Error when there is no Chromium, or it does not start */
async function openBrowser(): Promise<Browser> {
  const executablePath =
    launchOptions.executablePath ?? findProgram(["chromium", "chromium-browser", "google-chrome"]);
  if (executablePath === undefined) {
    throw new Error("There is no Chromium here. `npm test -- provision` brings it.");
  }
  return chromium.launch({ ...launchOptions, executablePath });
}

/** bench/ui/engine.ts in a process of its own. */
async function startEngine(): Promise<{ url: string; close(): Promise<void> }> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" };
  const child = await startChild([process.execPath, join(import.meta.dirname, "engine.ts")], {
    env,
  });
  const port = await portOf(child, "The engine", /^port (\d+)$/mu);
  return { url: `http://127.0.0.1:${port}`, close: child.close };
}

type Cookies = BrowserContextOptions["storageState"];

/** What a browser has to hold to be let in. */
async function cookiesOf(browser: Browser, url: string, accessKey: string): Promise<Cookies> {
  await using context = await browser.newContext();
  await signIn(await context.newPage(), { app: { url }, accessKey });
  return { cookies: await context.cookies(), origins: [] };
}

/** Starts the engine, the app of the measured build in front of it, and the browser. */
export async function startUiChain(folder: string): Promise<UiChain> {
  await using started = new AsyncDisposableStack();
  const engine = await startEngine();
  started.defer(() => engine.close());
  const app = await startApp({ folder, upstreamUrl: engine.url });
  started.defer(() => app.close());
  const browser = await openBrowser();
  started.defer(() => browser.close());
  const storage = await cookiesOf(browser, app.url, app.accessKey);
  const running = started.move();
  return {
    browser,
    engineUrl: engine.url,
    sites: {
      app: {
        name: "app",
        start: `${app.url}/`,
        chat: (id) => `${app.url}/c/${id}`,
        storage,
      },
      floor: {
        name: "floor",
        start: engine.url + ROUTE_OF_FLOOR,
        chat: () => engine.url + ROUTE_OF_CHAT,
        storage: undefined,
      },
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
