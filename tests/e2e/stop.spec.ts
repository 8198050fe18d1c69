/** Stop, and closing the tab, free the GPU: the next request that waits for its only slot is served. */
import { expect, test, type Page } from "playwright/test";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { recordMeasurement } from "../helpers/measurement.ts";
import { startOllama } from "../helpers/ollama.ts";
import { parts } from "../helpers/parts.ts";
import { startTap, type Tap } from "../helpers/tap.ts";
import { waitUntil } from "../helpers/wait-until.ts";
import { lastReply, send } from "./chat-page.ts";

test.skip(
  parts.ollama === undefined || parts.caddy === undefined || parts.chromium === undefined,
  "a part is missing",
);

/** The same for both, so that the second need not read its prompt anew before its first byte. */
const QUESTION = "Count";

let chain: Chain;
let tap: Tap;
let ollamaUrl = "";
let stack: AsyncDisposableStack;

test.beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const ollama = stack.adopt(await startOllama({ parallel: 1 }), (each) => each.close());
  ollamaUrl = ollama.url;
  tap = stack.adopt(await startTap(ollama.url), (each) => each.close());
  const env = { OLLAMA_MODEL: "endless" };
  chain = stack.adopt(await startChain({ engine: tap, app: { env } }), (each) => each.close());
});

test.afterAll(() => stack.disposeAsync());

interface Waiting {
  /** `Date.now()` of the first byte, once there is one. */
  servedAt?: number;
  readonly done: Promise<void>;
}

/** A second request for the same model, straight to Ollama, that must wait for its only slot. */
function askForTheSlot(): Waiting {
  const waiting: { servedAt?: number } = {};
  const ask = async (): Promise<void> => {
    const response = await fetch(`${ollamaUrl}/api/chat`, {
      method: "POST",
      body: JSON.stringify({
        model: "endless",
        messages: [{ role: "user", content: QUESTION }],
        options: { num_predict: 2 },
      }),
    });
    waiting.servedAt = Date.now();
    await response.arrayBuffer();
  };
  return Object.assign(waiting, { done: ask() });
}

/** The reply streams, and the second request has been waiting while it grew. */
async function occupyTheSlot(page: Page): Promise<Waiting> {
  await signIn(page, chain);
  await send(page, QUESTION);
  const reply = lastReply(page);
  await expect(reply).toHaveAttribute("data-state", "streaming");
  const length = async (): Promise<number> => (await reply.textContent())?.length ?? 0;
  const waiting = askForTheSlot();
  const before = await length();
  await expect.poll(length, { timeout: 20_000 }).toBeGreaterThan(before + 300);
  expect(waiting.servedAt).toBeUndefined();
  return waiting;
}

async function measure(what: string, leftAt: number, waiting: Waiting): Promise<void> {
  const request = tap.requests.findLast(({ path }) => path === "/api/chat");
  const closedAt = await waitUntil("the connection to close", () => request?.leftAt);
  await waiting.done;
  const servedAt = waiting.servedAt ?? Infinity;
  recordMeasurement(`${what}: Ollama's connection closed after`, closedAt - leftAt);
  recordMeasurement(`${what}: the waiting request's first byte after`, servedAt - leftAt);
  // 100 ms on a machine that does nothing else; what is asserted leaves room for a busy one.
  expect(servedAt - leftAt).toBeLessThan(1000);
}

test("Stop in the page frees the engine at once", async ({ page }) => {
  const waiting = await occupyTheSlot(page);
  await page.evaluate(() => {
    const note = (): void => {
      Object.assign(globalThis, { latchkeyClickedAt: Date.now() });
    };
    document.addEventListener("click", note, { capture: true, once: true });
  });
  await page.getByRole("button", { name: "Stop" }).click();
  const clickedAt = Number(await page.evaluate(() => Reflect.get(globalThis, "latchkeyClickedAt")));
  await measure("Stop", clickedAt, waiting);
  await expect(lastReply(page)).toHaveAttribute("data-state", "stopped");
  await expect(lastReply(page)).toContainText(/released after \d+ ms/u);
});

test("closing the tab frees the engine", async ({ page }) => {
  const waiting = await occupyTheSlot(page);
  const closedAt = Date.now();
  await page.close();
  await measure("closing the tab", closedAt, waiting);
});
