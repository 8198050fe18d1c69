/** Where a message is written: Enter, composition, files that go with it. */
import { expect, test, type Page } from "playwright/test";
import { z } from "zod";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { alertOf, lastReply, questions, send, sendAndFinish } from "./chat-page.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

let chain: Chain;

test.beforeAll(async () => {
  chain = await startChain({ engine: "demo", app: { env: { REQUESTS_PER_MINUTE: "0" } } });
  if (chain.demo !== undefined) chain.demo.controls.tokensPerSecond = 2000;
});

test.afterAll(() => chain.close());

const composer = (page: Page) => page.getByRole("textbox", { name: "Message" });

test("Enter sends, Shift+Enter begins a line", async ({ page }) => {
  await signIn(page, chain);
  await composer(page).pressSequentially("One");
  await composer(page).press("Shift+Enter");
  await composer(page).pressSequentially("two");
  await expect(composer(page)).toHaveValue("One\ntwo");
  await composer(page).press("Enter");
  await expect(questions(page)).toHaveText([/One\s*two/u]);
});

test("Enter that ends a composition sends nothing, in Chromium and as Safari has it", async ({
  page,
  context,
}) => {
  await signIn(page, chain);
  await composer(page).click();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Input.imeSetComposition", {
    text: "안녕",
    selectionStart: 2,
    selectionEnd: 2,
  });
  await composer(page).dispatchEvent("keydown", { key: "Enter", code: "Enter", isComposing: true });
  await devtools.send("Input.insertText", { text: "안녕" });
  // Safari ends the composition first; only the old key code tells.
  await composer(page).dispatchEvent("keydown", { key: "Enter", code: "Enter", keyCode: 229 });
  await expect(composer(page)).toHaveValue("안녕");
  await expect(questions(page)).toHaveCount(0);
  await composer(page).press("Enter");
  await expect(questions(page)).toHaveText([/안녕/u]);
});

test("typing goes on while an answer comes, and is not lost by Stop", async ({ page }) => {
  await signIn(page, chain);
  if (chain.demo !== undefined) chain.demo.controls.tokensPerSecond = 40;
  await send(page, "What is a door?");
  await expect(lastReply(page)).toHaveAttribute("data-state", "streaming");
  await composer(page).pressSequentially("And a key?");
  await page.keyboard.press("Escape");
  await expect(lastReply(page)).toHaveAttribute("data-state", "stopped");
  await expect(composer(page)).toHaveValue("And a key?");
  if (chain.demo !== undefined) chain.demo.controls.tokensPerSecond = 2000;
});

test("a text file that is dropped goes with the message, and is sent", async ({ page }) => {
  await signIn(page, chain);
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["A door of oak. 문."], "notes.md", { type: "text/markdown" }));
    return transfer;
  });
  await page.dispatchEvent("body", "dragenter", { dataTransfer: data });
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
  await expect(page.getByText("notes.md", { exact: true })).toBeVisible();
  await sendAndFinish(page, "What is in it?");
  await expect(questions(page).last()).toContainText("notes.md");
});

test("a large picture is made small enough, its size is shown, and the model's refusal is told", async ({
  page,
}) => {
  // No demo model sees images, and the page would hold the message back: here it is told that all do.
  await page.route("**/api/models", async (route) => {
    const answer = await route.fetch();
    const { models, ...rest } = z
      .looseObject({ models: z.array(z.looseObject({ capabilities: z.array(z.string()) })) })
      .parse(await answer.json());
    const seeing = models.map((model) => ({
      ...model,
      capabilities: [...model.capabilities, "vision"],
    }));
    await route.fulfill({ json: { ...rest, models: seeing } });
  });
  await signIn(page, chain);
  const sent: number[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/chat")) {
      sent.push(request.postDataBuffer()?.length ?? 0);
    }
  });
  const picture = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(4000, 3000);
    const context = canvas.getContext("2d");
    const noise = context?.createImageData(4000, 3000);
    if (context === null || noise === undefined) throw new Error("no canvas");
    for (let start = 0; start < noise.data.length; start += 65_536) {
      crypto.getRandomValues(noise.data.subarray(start, start + 65_536));
    }
    context.putImageData(noise, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let start = 0; start < bytes.length; start += 32_768) {
      text += String.fromCharCode(...bytes.subarray(start, start + 32_768));
    }
    return btoa(text);
  });
  await page.locator('input[type="file"]').setInputFiles({
    name: "noise.png",
    mimeType: "image/png",
    buffer: Buffer.from(picture, "base64"),
  });
  await expect(page.getByText("noise.png", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/\d+ (?:KB|MB|KiB|MiB)/u).first()).toBeVisible({ timeout: 30_000 });
  await send(page, "What is this?");
  await expect.poll(() => sent.length, { timeout: 30_000 }).toBe(1);
  expect(sent[0]).toBeLessThan(4_000_000);
  expect(sent[0]).toBeGreaterThan(100_000);
  // The app knows better: it says so, and the message is still there.
  await expect(alertOf(page)).toHaveAttribute("data-code", "unsupported_capability");
  await expect(questions(page).last()).toContainText("What is this?");
  // The list of models is asked for once more after an answer: the page stays until it has it.
  await page.unrouteAll({ behavior: "wait" });
});

test("a picture for a model that sees none is held back, and nothing is lost", async ({ page }) => {
  await signIn(page, chain);
  const pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  await page.locator('input[type="file"]').setInputFiles({
    name: "dot.png",
    mimeType: "image/png",
    buffer: Buffer.from(pixel, "base64"),
  });
  await expect(page.getByText("dot.png", { exact: true })).toBeVisible();
  await send(page, "What is this?");
  await expect(
    page.getByRole("alert").filter({ hasText: /does not see|cannot see/u }),
  ).toBeVisible();
  await expect(composer(page)).toHaveValue("What is this?");
  await expect(page.getByText("dot.png", { exact: true })).toBeVisible();
  await expect(questions(page)).toHaveCount(0);
});
