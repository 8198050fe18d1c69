/**
 * axe looks at every screen in every look, and finds nothing; the table it makes is printed at the end. A new screen
 * is one more entry of STATES.
 */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Page } from "playwright/test";
import { startApp, type App } from "../helpers/app.ts";
import { signIn } from "../helpers/browser.ts";
import { startChain, type Chain } from "../helpers/chain.ts";
import { parts } from "../helpers/parts.ts";
import { alertOf, lastReply, send, sendAndFinish } from "./chat-page.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

/** Six looks of a screen each; axe reads every element of each. */
test.describe.configure({ timeout: 240_000 });

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const SIZES = {
  desktop: { width: 1280, height: 860 },
  phone: { width: 390, height: 844 },
  narrow: { width: 320, height: 640 },
} as const;
const COLOURS = ["light", "dark"] as const;

const LOOKS = Object.entries(SIZES).flatMap(([name, size]) =>
  COLOURS.map((colours) => ({ name: `${name} ${colours}`, size, colours })),
);

let chain: Chain;
let notSetUp: App;
let stack: AsyncDisposableStack;

test.beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const env = { OLLAMA_MODEL: "latchkey-demo-thinking", REQUESTS_PER_MINUTE: "0" };
  chain = stack.adopt(await startChain({ engine: "demo", app: { env } }), (each) => each.close());
  notSetUp = stack.adopt(await startApp({ env: {} }), (each) => each.close());
});

/** Whole answers at once, unless a state wants otherwise. */
test.beforeEach(() => {
  if (chain.demo === undefined) return;
  Object.assign(chain.demo.controls, {
    tokensPerSecond: Infinity,
    loadMs: 0,
    fault: { kind: "none" },
  });
});

interface State {
  readonly name: string;
  /** Brings the page there. */
  readonly reach: (page: Page) => Promise<void>;
  /** Rules that say nothing here, each for a reason. */
  readonly without?: readonly string[];
}

/** A model chooses the ranks of its own headings. */
const WITH_ANSWER = ["heading-order"] as const;

const STATES: readonly State[] = [
  {
    name: "sign-in",
    reach: async (page) => {
      await page.goto(`${chain.app.url}/sign-in`);
      await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
    },
  },
  {
    name: "a wrong key",
    reach: async (page) => {
      await page.goto(`${chain.app.url}/sign-in#no-such-key`);
      await expect(alertOf(page)).toBeVisible();
    },
  },
  {
    name: "not set up",
    reach: async (page) => {
      await page.goto(notSetUp.url);
      await expect(page.getByRole("main")).toBeVisible();
    },
  },
  {
    name: "nowhere",
    reach: async (page) => {
      await signIn(page, chain);
      await page.goto(`${chain.app.url}/nowhere`);
      await expect(page.getByRole("main")).toBeVisible();
    },
  },
  {
    name: "no such chat",
    reach: async (page) => {
      await signIn(page, chain);
      await page.goto(`${chain.app.url}/c/no.chat`);
      await expect(page.getByRole("main")).toBeVisible();
    },
  },
  { name: "empty", reach: (page) => signIn(page, chain) },
  {
    name: "waiting",
    reach: async (page) => {
      if (chain.demo !== undefined)
        chain.demo.controls.fault = { kind: "slow-headers", forMs: 60_000 };
      await signIn(page, chain);
      await send(page, "Are you there?");
      await expect(lastReply(page)).toHaveAttribute("data-state", "waiting");
    },
  },
  {
    name: "streaming",
    reach: async (page) => {
      if (chain.demo !== undefined) chain.demo.controls.fault = { kind: "stall", afterTokens: 60 };
      await signIn(page, chain);
      await send(page, "What does Latchkey do?");
      await expect(lastReply(page)).toHaveAttribute("data-state", "streaming");
      await expect(lastReply(page)).toContainText(/\w/u);
    },
    without: WITH_ANSWER,
  },
  {
    name: "an answer",
    reach: async (page) => {
      await signIn(page, chain);
      await sendAndFinish(page, "What does Latchkey do?");
    },
    without: WITH_ANSWER,
  },
  {
    name: "failed",
    reach: async (page) => {
      if (chain.demo !== undefined) chain.demo.controls.fault = { kind: "fail" };
      await signIn(page, chain);
      await send(page, "Are you there?");
      await expect(alertOf(page)).toBeVisible();
    },
  },
  {
    name: "broke off",
    reach: async (page) => {
      if (chain.demo !== undefined) {
        chain.demo.controls.fault = { kind: "cut-mid-line", afterTokens: 60 };
      }
      await signIn(page, chain);
      await send(page, "What does Latchkey do?");
      await expect(lastReply(page)).toHaveAttribute("data-state", "interrupted");
    },
    without: WITH_ANSWER,
  },
];

/** State by look: how many violations. */
const table: Record<string, Record<string, number>> = {};

test.afterAll(async () => {
  await stack.disposeAsync();
  const rows = Object.entries(table).map(([state, counts]) =>
    [state.padEnd(16), ...LOOKS.map(({ name }) => String(counts[name] ?? "-").padStart(14))].join(
      "",
    ),
  );
  const head = ["axe".padEnd(16), ...LOOKS.map(({ name }) => name.padStart(14))].join("");
  process.stdout.write(`\n${[head, ...rows].join("\n")}\n`);
});

for (const { name, reach, without = [] } of STATES) {
  test(`${name}: nothing for axe to find`, async ({ browser }) => {
    const context = await browser.newContext({ reducedMotion: "reduce" });
    const page = await context.newPage();
    await reach(page);
    const counts: Record<string, number> = {};
    table[name] = counts;
    for (const look of LOOKS) {
      await page.setViewportSize(look.size);
      await page.emulateMedia({ colorScheme: look.colours });
      const axe = new AxeBuilder({ page }).withTags(TAGS).disableRules([...without]);
      const { violations } = await axe.analyze();
      counts[look.name] = violations.length;
      const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      expect.soft(found, look.name).toEqual([]);
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect.soft(wide, `${look.name}: scrolls sideways`).toBeLessThanOrEqual(0);
    }
    await context.close();
  });
}
