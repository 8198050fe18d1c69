import type { Page } from "playwright/test";

/** Chromium notes every answer that is not 2xx, the page's own among them, as an error of loading. */
const ANSWERED = /^Failed to load resource: the server responded with a status of (\d+)/u;

/** What the page itself says of a breach: Chromium's console does not tell of all. */
const BREACH = "breach of the policy:";

/**
 * From the next load on what the browser complains of in this page, in its own words: breaches of the policy, errors and
 * warnings of the console, exceptions that nobody caught.
 *
 * @param answers statuses that the test itself brings about
 */
export async function watchComplaints(
  page: Page,
  answers: readonly number[] = [],
): Promise<readonly string[]> {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const status = ANSWERED.exec(message.text())?.[1];
    if (status !== undefined && answers.includes(Number(status))) return;
    complaints.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript((name) => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(name, event.effectiveDirective, event.blockedURI);
    });
  }, BREACH);
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  return complaints;
}
