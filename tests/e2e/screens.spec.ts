/**
 * Every screen in every look: nothing is wider than the window, and axe finds nothing, which reads each size and
 * each theme once: it takes seconds, and finds in a third look what it found in two. The table of what axe found is
 * printed at the end. With LATCHKEY_SCREENS=1 pictures of all of them go into docs/screens.
 */
import { AxeBuilder } from "@axe-core/playwright";
import { join } from "node:path";
import { expect, test, type Page } from "playwright/test";
import { ROOT } from "../helpers/copy-tree.ts";
import { parts } from "../helpers/parts.ts";
import { SCREENS } from "./screens.ts";
import { resetStage, startStage, type Stage } from "./stage.ts";

test.skip(parts.caddy === undefined || parts.chromium === undefined, "a part is missing");

/** axe reads every element. */
test.describe.configure({ timeout: 240_000 });
/** A recording of all that axe does takes longer than axe. */
test.use({ trace: "off" });

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TAKES_PICTURES = process.env["LATCHKEY_SCREENS"] === "1";

const DESKTOP = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };

interface Look {
  readonly name: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly colours: "light" | "dark";
  /** What is added to the picture's name; undefined: no picture is taken. */
  readonly picture?: string;
  readonly axe: boolean;
}

const LOOKS: readonly Look[] = [
  { name: "desktop light", size: DESKTOP, colours: "light", picture: "", axe: true },
  { name: "desktop dark", size: DESKTOP, colours: "dark", picture: "-dark", axe: false },
  { name: "phone light", size: PHONE, colours: "light", picture: "-phone", axe: false },
  { name: "phone dark", size: PHONE, colours: "dark", picture: "-phone-dark", axe: true },
  // As wide as a page is at 1280 pixels and four times its size (WCAG 1.4.10).
  { name: "narrow light", size: { width: 320, height: 640 }, colours: "light", axe: true },
];

let stage: Stage;

test.beforeAll(async () => {
  stage = await startStage();
});

test.beforeEach(() => resetStage(stage));

/** Screen by look: how many violations. */
const table: Record<string, Record<string, number>> = {};

test.afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  const line = (first: string, cells: readonly string[]): string =>
    [first.padEnd(16), ...cells.map((cell) => cell.padStart(14))].join("");
  const rows = Object.entries(table).map(([screen, counts]) =>
    line(
      screen,
      LOOKS.map(({ name }) => String(counts[name] ?? "-")),
    ),
  );
  const head = line(
    "axe",
    LOOKS.map(({ name }) => name),
  );
  process.stdout.write(`\n${[head, ...rows].join("\n")}\n`);
});

for (const { name, reach, without = [] } of SCREENS) {
  test(`${name}: nothing for axe to find, nothing too wide`, async ({ browser }) => {
    const context = await browser.newContext({ reducedMotion: "reduce", viewport: DESKTOP });
    const page = await context.newPage();
    await reach(page, stage);
    const counts: Record<string, number> = {};
    table[name] = counts;
    for (const look of LOOKS) {
      await page.setViewportSize(look.size);
      await page.emulateMedia({ colorScheme: look.colours });
      if (TAKES_PICTURES && look.picture !== undefined) {
        await takePicture(page, `${name}${look.picture}`);
      }
      if (look.axe) {
        const found = await findViolations(page, without);
        counts[look.name] = found.length;
        expect.soft(found, look.name).toEqual([]);
      }
      // The list of chats becomes a drawer a moment after the window has become narrow.
      await expect
        .poll(() => widthBeyond(page), { message: `${look.name}: scrolls sideways` })
        .toBeLessThanOrEqual(0);
    }
    await context.close();
  });
}

/** Pixels by which the page is wider than its window. */
const widthBeyond = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What axe finds: the rule, and the elements that break it. */
async function findViolations(
  page: Page,
  without: readonly string[],
): Promise<readonly (readonly [string, readonly string[]])[]> {
  const axe = new AxeBuilder({ page }).withTags(TAGS).disableRules([...without]);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)] as const);
}

async function takePicture(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  const path = join(ROOT, "docs", "screens", `${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
}
