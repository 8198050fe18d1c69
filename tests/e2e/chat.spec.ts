/** Chromium, the app, a real Caddy, an engine: a person asks and sees the answer come. */
import { expect, test } from "playwright/test";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { recordMeasurement } from "../helpers/measurement.ts";
import { startOllama } from "../helpers/ollama.ts";
import { parts } from "../helpers/parts.ts";
import { startTap, type Tap } from "../helpers/tap.ts";
import { startDemoEngine } from "../../gateway/demo/server.ts";
import { lastReply, readGrowth, send, watchGrowth } from "./chat-page.ts";

const ENGINES = [
  {
    name: "a real Ollama",
    here: parts.ollama !== undefined,
    start: () => startOllama(),
    model: "think",
    says: "한국어로도",
    // A whole answer takes it less than a second, and a busy machine paints few frames in that.
    steps: 2,
    largestShare: 0.9,
  },
  {
    name: "the demo engine",
    here: true,
    start: () => startDemoEngine(),
    model: "latchkey-demo-thinking",
    says: "Latchkey",
    steps: 50,
    largestShare: 0.5,
  },
] as const;

for (const { name, here, start, model, says, steps: fewest, largestShare } of ENGINES) {
  test.describe(`with ${name}`, () => {
    test.skip(
      !here || parts.caddy === undefined || parts.chromium === undefined,
      "a part is missing",
    );

    let chain: Chain;
    let tap: Tap;
    let stack: AsyncDisposableStack;

    test.beforeAll(async () => {
      stack = new AsyncDisposableStack();
      const engine = stack.adopt(await start(), (each) => each.close());
      tap = stack.adopt(await startTap(engine.url), (each) => each.close());
      const env = { OLLAMA_MODEL: model };
      chain = stack.adopt(await startChain({ engine: tap, app: { env } }), (each) => each.close());
    });

    test.afterAll(() => stack.disposeAsync());

    test("the thought and the answer appear token by token", async ({ page }) => {
      await signIn(page, chain);
      await watchGrowth(page);
      await send(page, "What is a door?");
      const reply = lastReply(page);
      await expect(reply).toHaveAttribute("data-state", "done", { timeout: 45_000 });
      await expect(reply).toContainText(says);
      const thought = reply.getByText(/^(Thought|Thinking)/u).first();
      await expect(thought).toBeVisible();
      await expect(page.locator("html")).not.toContainText("<think>");

      const steps = await readGrowth(page);
      const asked = tap.requests.findLast(({ path }) => path === "/api/chat");
      const [first, last] = [steps[0], steps.at(-1)];
      if (first === undefined || last === undefined || asked?.firstByteAt === undefined) {
        throw new Error("Nothing grew, or the engine was not asked");
      }
      recordMeasurement(
        `first text in the page after ${name}'s first token`,
        first.at - asked.firstByteAt,
      );
      expect(steps.length).toBeGreaterThan(fewest);
      // Text was there before the engine had said its last word, and no step was the whole: no lump at
      // the end. How long before is measured, not asserted: on a busy machine frames come late.
      expect(first.at).toBeLessThan(asked.endedAt ?? Infinity);
      const leaps = steps.map(({ length }, index) => length - (steps[index - 1]?.length ?? 0));
      expect(Math.max(...leaps)).toBeLessThan(last.length * largestShare);
    });

    test("the page talks to no host but its own", async ({ page }) => {
      const hosts = new Set<string>();
      page.on("request", (request) => hosts.add(new URL(request.url()).host));
      await signIn(page, chain);
      await send(page, "Hello");
      await expect(lastReply(page)).toHaveAttribute("data-state", "done", { timeout: 45_000 });
      expect([...hosts]).toEqual([new URL(chain.app.url).host]);
    });
  });
}
