import { setTimeout as delay } from "node:timers/promises";
import type { CDPSession, Page } from "playwright";
import type { Site, UiChain } from "./chain.ts";
import { installProbe, type Wanted } from "./page/probe.ts";
import { END_MARK } from "./text/rich.ts";

/** Said by the probe on the console. */
export const END_NOTE = "latchkey-bench: the end of the answer is shown";

/** How much slower the browser's CPU is made. */
export type Slowness = 1 | 4;

export interface PageOptions {
  readonly slowness?: Slowness | undefined;
  readonly width?: number | undefined;
  /** Looked for from the start of the page on. */
  readonly wanted?: Wanted | undefined;
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  readonly devtools: CDPSession;
}

const HEIGHT = 800;
/** A laptop's window. */
const WIDTH = 1280;
/** A page that has done nothing on the network for this long has loaded what it loads when idle. */
const QUIET_MS = 1500;

/** An empty page of a browser that was never here before: nothing is in its cache. */
export async function openPage(
  chain: UiChain,
  { storage }: Site,
  { slowness = 1, width = WIDTH, wanted }: PageOptions = {},
): Promise<OpenPage> {
  const context = await chain.browser.newContext({
    ...(storage === undefined ? {} : { storageState: storage }),
    viewport: { width, height: HEIGHT },
  });
  const page = await context.newPage();
  await page.addInitScript(installProbe, { endMark: END_MARK, endNote: END_NOTE, wanted });
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowness });
  return { page, devtools, [Symbol.asyncDispose]: () => context.close() };
}

/** Goes there and waits until the composer takes input. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: "commit" });
  await page.locator("html[data-ready]").waitFor();
}

/** Waits until the page has loaded what it loads when it is idle. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await delay(QUIET_MS);
  await page.waitForLoadState("networkidle");
}
