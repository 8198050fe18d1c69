import { chromium, type Browser, type LaunchOptions, type Page } from "playwright";
import { parts } from "./parts.ts";

/** Without these Chromium looks up its maker's hosts at every start. */
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

/** Chromium refuses its own sandbox to root. */
export const launchOptions: LaunchOptions = {
  ...(parts.chromium === undefined ? {} : { executablePath: parts.chromium }),
  args: process.getuid?.() === 0 ? [...QUIET, "--no-sandbox"] : QUIET,
};

/** A Chromium of the tests' own, for vitest; Playwright's specs get theirs by playwright.config.ts. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions);
}

/** Signs in by the link that `up` prints, and waits until the composer takes input. */
export async function signIn(
  page: Page,
  chain: { readonly app: { readonly url: string }; readonly accessKey: string },
): Promise<void> {
  await page.goto(`${chain.app.url}/sign-in#${chain.accessKey}`);
  await page.locator("html[data-ready]").waitFor();
}
