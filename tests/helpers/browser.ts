import type { LaunchOptions, Page } from "playwright";
import { parts } from "./parts.ts";

/** Without these Chromium looks up its maker's hosts at every start. */
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

/** For playwright.config.ts. Chromium refuses its own sandbox to root. */
export const launchOptions: LaunchOptions = {
  ...(parts.chromium === undefined ? {} : { executablePath: parts.chromium }),
  args: process.getuid?.() === 0 ? [...QUIET, "--no-sandbox"] : QUIET,
};

/** Signs in by the link that `up` prints, and waits until the composer takes input. */
export async function signIn(
  page: Page,
  chain: { readonly app: { readonly url: string }; readonly accessKey: string },
): Promise<void> {
  await page.goto(`${chain.app.url}/sign-in#${chain.accessKey}`);
  await page.locator("html[data-ready]").waitFor();
}
