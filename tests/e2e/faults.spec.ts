/** Whatever link breaks, the page names it, says what to do, and keeps the text that came. */
import { expect, test, type Page } from "playwright/test";
import { startDemoEngine, type DemoEngine } from "../../gateway/demo/server.ts";
import { ERROR_TABLE, type ErrorCode } from "../../lib/error-table.ts";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { alertOf, lastReply, send, sendAndFinish, untilWords } from "./chat-page.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

/** Slow enough that every test strikes in the middle of the answer. */
const SLOW = { tokensPerSecond: 20, loadMs: 0, readMs: 0 } as const;

let stack: AsyncDisposableStack;

test.beforeEach(() => {
  stack = new AsyncDisposableStack();
});

test.afterEach(() => stack.disposeAsync());

async function startSlowChain(): Promise<{ chain: Chain; demo: DemoEngine }> {
  const demo = stack.adopt(await startDemoEngine({ controls: { ...SLOW } }), (each) =>
    each.close(),
  );
  const chain = stack.adopt(await startChain({ engine: demo }), (each) => each.close());
  return { chain, demo };
}

/** Sends a question and waits until a good part of the answer, but not all of it, is there. */
async function receiveHalf(page: Page): Promise<string> {
  await send(page, "Tell me about the door");
  const kept = await untilWords(page, 40);
  await expect(lastReply(page)).toHaveAttribute("data-state", "streaming");
  return kept;
}

async function expectBroken(page: Page, link: string, code: ErrorCode, fix: string): Promise<void> {
  const alert = alertOf(page);
  await expect(alert).toHaveCount(1);
  await expect(alert).toHaveAttribute("data-link", link);
  await expect(alert).toHaveAttribute("data-code", code);
  await expect(alert).toContainText(fix);
}

/** `kept`: what was shown of the answer before it broke off; its last word may have been half a mark. */
async function expectInterrupted(page: Page, link: string, kept: string): Promise<void> {
  await expectBroken(page, link, "interrupted", ERROR_TABLE.interrupted.fix);
  await expect(lastReply(page)).toHaveAttribute("data-state", "interrupted");
  await expect(lastReply(page)).toContainText(kept.slice(0, 20).trim());
  await expect(lastReply(page)).not.toContainText("\uFFFD");
}

test("a door that passes on a public Host is named, with its fix", async ({ page }) => {
  // The recipe's own line passes on the name the person typed; this one stands for a public name.
  const mutate = (caddyfile: string): string => {
    const broken = caddyfile.replaceAll(/header_up Host .*/gu, "header_up Host gpu.example.com");
    expect(broken).not.toBe(caddyfile);
    return broken;
  };
  const chain = stack.adopt(await startChain({ engine: "demo", door: { mutate } }), (each) =>
    each.close(),
  );
  await signIn(page, chain);
  await send(page, "Hello");
  await expectBroken(page, "door", "door_host_rewrite", ERROR_TABLE.door_host_rewrite.fix);
});

test("the door is killed in mid-answer, and the next message works once it is back", async ({
  page,
}) => {
  const { chain, demo } = await startSlowChain();
  await signIn(page, chain);
  const kept = await receiveHalf(page);
  await chain.door.close();
  await expectInterrupted(page, "door", kept);
  await send(page, "Are you there?");
  await expectBroken(
    page,
    "door",
    "door_refused_connection",
    ERROR_TABLE.door_refused_connection.fix,
  );
  await chain.reopenDoor();
  demo.controls.tokensPerSecond = Infinity;
  await sendAndFinish(page, "And now?");
  await expect(alertOf(page)).toHaveCount(0);
});

test("the engine is killed in mid-answer, and the next message works once it is back", async ({
  page,
}) => {
  const { chain, demo } = await startSlowChain();
  await signIn(page, chain);
  const kept = await receiveHalf(page);
  await demo.close();
  await expectInterrupted(page, "ollama", kept);
  await send(page, "Are you there?");
  await expectBroken(page, "ollama", "ollama_unreachable", ERROR_TABLE.ollama_unreachable.fix);
  stack.adopt(await startDemoEngine({ port: demo.port }), (each) => each.close());
  await sendAndFinish(page, "And now?");
  await expect(alertOf(page)).toHaveCount(0);
});

test("an answer that is cut inside a character keeps its whole ones", async ({ page }) => {
  const { chain, demo } = await startSlowChain();
  demo.controls.tokensPerSecond = 200;
  demo.controls.fault = { kind: "cut-mid-character", afterTokens: 30 };
  await signIn(page, chain);
  await send(page, "Tell me about the door");
  await expect(lastReply(page)).toHaveAttribute("data-state", "interrupted", { timeout: 20_000 });
  const kept = await untilWords(page, 20);
  await expectInterrupted(page, "ollama", kept);
  demo.controls.fault = { kind: "none" };
  await sendAndFinish(page, "And now?");
  await expect(alertOf(page)).toHaveCount(0);
});
