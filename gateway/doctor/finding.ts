import type { Check } from "../verify/check.ts";
import type { Machine } from "./machine.ts";

/** What one look found; `repair` is there where the fix is safe to do without asking. */
export interface Finding extends Omit<Check, "name"> {
  readonly repair?: () => Promise<void>;
}

/** One thing the doctor looks at. */
export interface Look {
  readonly name: string;
  /** What holds when it is ok. */
  readonly title: string;
  readonly examine: (machine: Machine) => Promise<Finding>;
}

export const well = (seen: string): Finding => ({ ok: true, seen, fix: "" });

export const wrong = (seen: string, fix: string): Finding => ({ ok: false, seen, fix });

/** Not tried, or not telling here. */
export const untold = (reason: string): Finding => ({ ok: null, seen: reason, fix: "" });
