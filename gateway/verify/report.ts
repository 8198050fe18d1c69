/** The checks for a person: a line each, which fits the terminal. */
import { styleText } from "node:util";
import { wrap } from "../terminal.ts";
import type { Check } from "./check.ts";

export interface ReportOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly isStyled: boolean;
  /** What holds where a check is ok, by its name. */
  readonly titles: ReadonlyMap<string, string>;
}

const NARROWEST = 30;
const WIDEST = 100;

/**
 * What a door said may hold what moves a cursor, hides a word or turns a line around: such a
 * character is shown as a mark.
 */
const visible = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");

function sign(ok: Check["ok"], isStyled: boolean): string {
  const [mark, colour] =
    ok === null
      ? (["–", "dim"] as const)
      : ok
        ? (["✓", "green"] as const)
        : (["✗", "red"] as const);
  return isStyled ? styleText(colour, mark, { validateStream: false }) : mark;
}

function lineOf(
  { name, ok, seen, fix }: Check,
  { width, isStyled, titles }: ReportOptions,
): string {
  const columns = Math.min(WIDEST, Math.max(NARROWEST, width));
  const text = wrap(`${titles.get(name) ?? name}: ${visible(seen)}`, columns - 2, "  ");
  const line = `${sign(ok, isStyled)} ${text}`;
  return ok === false ? `${line}\n  ${wrap(`Fix: ${visible(fix)}`, columns - 2, "       ")}` : line;
}

const count = (checks: readonly Check[], ok: Check["ok"]): number =>
  checks.filter((check) => check.ok === ok).length;

/** How many are good, wrong and not told. */
export function summaryOf(checks: readonly Check[]): string {
  const [well, wrong, open] = [count(checks, true), count(checks, false), count(checks, null)];
  const verdict =
    wrong === 0 ? (well === 0 ? "Nothing was proved" : "Nothing is wrong") : "Something is wrong";
  return `${verdict}: ${well} good, ${wrong} wrong, ${open} not tried or not telling.`;
}

/** Everything that was seen, and the counts. */
export function reportText(url: string, checks: readonly Check[], options: ReportOptions): string {
  const lines = checks.map((check) => lineOf(check, options));
  return [`The door at ${url}`, "", ...lines, "", wrap(summaryOf(checks), options.width)].join(
    "\n",
  );
}
