/** A reply is never lost: reload, crash, storage that refuses, several tabs. */
import { expect, test, type Locator, type Page } from "playwright/test";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import {
  lastReply,
  questions,
  ready,
  send,
  sendAndFinish,
  sendAndWatchBegin,
  untilWords,
} from "./chat-page.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

const CHAT_ADDRESS = /\/c\/[\w-]+$/u;

/**
 * Characters that come in a third of a second at 30 tokens a second: what a page may lose that goes away while a write
 * of the words before is under way.
 */
const LAST_MOMENTS = 80;

let chain: Chain;

test.beforeAll(async () => {
  chain = await startChain({ engine: "demo", app: { env: { REQUESTS_PER_MINUTE: "0" } } });
});

test.beforeEach(() => setPace(2000));

test.afterAll(() => chain.close());

function setPace(tokensPerSecond: number): void {
  if (chain.demo !== undefined) chain.demo.controls.tokensPerSecond = tokensPerSecond;
}

async function textOf(page: Page): Promise<string> {
  return (await lastReply(page).locator(".answer").textContent()) ?? "";
}

test("an answer is there after a reload, at the chat's own address", async ({ page }) => {
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  await expect(page).toHaveURL(CHAT_ADDRESS);
  // Formulas are set when the page is idle; until then their source stands there.
  await expect(lastReply(page).locator("code.maths")).toHaveCount(0);
  const said = await textOf(page);
  await page.reload();
  await ready(page);
  await expect(lastReply(page)).toHaveAttribute("data-state", "done");
  await expect.poll(() => textOf(page)).toBe(said);
  await expect(page).toHaveTitle("What is a door? · Latchkey");
});

test("a reload in the midst of an answer keeps what came, with Continue", async ({ page }) => {
  await signIn(page, chain);
  setPace(30);
  await sendAndWatchBegin(page, "What is a door?");
  const came = await untilWords(page, 200);
  await page.reload();
  await ready(page);
  const reply = lastReply(page);
  await expect(reply).toHaveAttribute("data-state", "interrupted");
  expect((await textOf(page)).length).toBeGreaterThanOrEqual(came.length - LAST_MOMENTS);
  setPace(2000);
  await reply.getByRole("button", { name: "Continue" }).click();
  await expect(reply).toHaveAttribute("data-state", "done", { timeout: 30_000 });
});

test("a crash in the midst of an answer costs its last moments at most", async ({
  page,
  context,
}) => {
  await signIn(page, chain);
  setPace(30);
  await sendAndWatchBegin(page, "What is a door?");
  await untilWords(page, 60);
  const address = page.url();
  const devtools = await context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  // It never answers: there is nobody left to.
  devtools.send("Page.crash").catch(() => undefined);
  await crashed;
  const again = await context.newPage();
  await again.goto(address);
  await ready(again);
  await expect(lastReply(again)).toHaveAttribute("data-state", "interrupted");
  expect((await textOf(again)).length).toBeGreaterThan(20);
  await expect(lastReply(again).getByRole("button", { name: "Continue" })).toBeVisible();
});

/** Writes half a thought, finds it again after a reload, and sends it as it is. Returns the box. */
async function sendRestoredDraft(page: Page): Promise<Locator> {
  const composer = page.getByRole("textbox", { name: "Message" });
  await composer.fill("Half a thought");
  await page.reload();
  await ready(page);
  await expect(composer).toHaveValue("Half a thought");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(lastReply(page)).toHaveAttribute("data-state", "done", { timeout: 30_000 });
  return composer;
}

test("a draft survives a reload, and is gone once it is sent", async ({ page }) => {
  await signIn(page, chain);
  const composer = await sendRestoredDraft(page);
  await page.reload();
  await ready(page);
  await expect(lastReply(page)).toBeVisible();
  await expect(composer).toHaveValue("");
});

test("a draft that came back and is sent as it is does not come back again", async ({ page }) => {
  await signIn(page, chain);
  const composer = await sendRestoredDraft(page);
  await page.getByRole("button", { name: "New chat" }).first().click();
  await page.reload();
  await ready(page);
  await expect(questions(page)).toHaveCount(0);
  // A draft is shown once the store was read, and so is the list.
  await expect(page.getByRole("link", { name: "Half a thought" })).toBeVisible();
  await expect(composer).toHaveValue("");
});

/** Holds the browser's chats back from every other page, until it is called again. */
async function holdChats(page: Page): Promise<() => Promise<void>> {
  await page.goto(`${chain.app.url}/icon.svg`);
  await page.evaluate(async () => {
    const opening = indexedDB.open("latchkey");
    await new Promise((resolve) => opening.addEventListener("success", resolve));
    const database = opening.result;
    // Who writes to a store has it alone.
    const store = database.transaction(["chats", "messages"], "readwrite").objectStore("chats");
    let held = true;
    const holdOn = (): void => {
      if (held) store.count().addEventListener("success", holdOn);
    };
    holdOn();
    Object.assign(globalThis, {
      letGo: () => {
        held = false;
      },
    });
  });
  return () => page.evaluate(() => Reflect.get(globalThis, "letGo")());
}

test("what is written before a chat was found stays in its box, and is asked in it", async ({
  page,
  context,
}) => {
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  const letGo = await holdChats(await context.newPage());
  await page.reload();
  await ready(page);
  await expect(page.getByText("Looking for this chat")).toBeVisible();
  const composer = page.getByRole("textbox", { name: "Message" });
  await composer.fill("And a key?");
  await composer.press("Enter");
  await expect(composer).toHaveValue("And a key?");
  await letGo();
  await expect(questions(page)).toHaveText([/What is a door\?/u]);
  await expect(composer).toHaveValue("And a key?");
  await composer.press("Enter");
  await expect(questions(page)).toHaveText([/What is a door\?/u, /And a key\?/u]);
});

test("files for the next message wait while another chat is looked at", async ({ page }) => {
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  const file = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("Of oak") };
  await page.locator('input[type="file"]').setInputFiles(file);
  await expect(page.getByText("notes.txt", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "New chat" }).first().click();
  await expect(page.getByText("notes.txt", { exact: true })).toHaveCount(0);
  await page.goBack();
  await expect(page.getByText("notes.txt", { exact: true })).toBeVisible();
});

test("Stop in another tab stops the answer", async ({ page, context }) => {
  await signIn(page, chain);
  setPace(20);
  await sendAndWatchBegin(page, "What is a door?");
  await expect(page).toHaveURL(CHAT_ADDRESS);
  const other = await context.newPage();
  await other.goto(page.url());
  await ready(other);
  await other.getByRole("button", { name: "Stop" }).click();
  await expect(lastReply(page)).toHaveAttribute("data-state", "stopped");
  await expect(lastReply(other)).toHaveAttribute("data-state", "stopped");
});

test("two tabs are in step", async ({ page, context }) => {
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  const other = await context.newPage();
  await other.goto(page.url());
  await ready(other);
  await expect(questions(other)).toHaveCount(1);
  await sendAndFinish(page, "And a key?");
  await expect(questions(other)).toHaveCount(2);
  await expect(lastReply(other)).toHaveAttribute("data-state", "done");
});

test("an answer goes on while another chat is looked at", async ({ page }) => {
  await signIn(page, chain);
  setPace(60);
  await sendAndWatchBegin(page, "What is a door?");
  await page.getByRole("button", { name: "New chat" }).first().click();
  await expect(questions(page)).toHaveCount(0);
  await page.goBack();
  await expect(questions(page)).toHaveCount(1);
  await expect(lastReply(page)).toHaveAttribute("data-state", /streaming|done/u);
  await expect(lastReply(page)).toHaveAttribute("data-state", "done", { timeout: 30_000 });
});

test("where the browser refuses storage it is said, and the chat goes on", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, "indexedDB", {
      get: () => {
        throw new DOMException("refused", "SecurityError");
      },
    });
  });
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  await sendAndFinish(page, "And a key?");
  await expect(questions(page)).toHaveCount(2);
  await expect(page.getByText(/keeps nothing for this page/u).first()).toBeAttached();
});

test("where storage is full it is said, and nothing of the chat is lost", async ({ page }) => {
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await signIn(page, chain);
  await sendAndFinish(page, "What is a door?");
  await sendAndFinish(page, "And a key?");
  await expect(questions(page)).toHaveCount(2);
  await expect(page.getByText(/storage is full/iu).first()).toBeAttached();
});

test("a chat that is not in this browser is told, and a new one begins", async ({ page }) => {
  await signIn(page, chain);
  await page.goto(`${chain.app.url}/c/nobody-knows-it`);
  await ready(page);
  await expect(
    page.getByRole("heading", { name: "This chat is not in this browser" }),
  ).toBeVisible();
  await send(page, "What is a door?");
  await expect(page).toHaveURL(CHAT_ADDRESS);
  await expect(page).not.toHaveURL(/nobody-knows-it/u);
});
