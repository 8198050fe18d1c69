/** What a check is, and what it may say. */
import type { Subject } from "./subject.ts";

/** One line of `verify --json`; `ok` is null where it was not tried or cannot tell, and `seen` says why. */
export interface Check {
  readonly name: string;
  readonly ok: boolean | null;
  readonly seen: string;
  /** The one thing to do when it is not ok. */
  readonly fix: string;
}

export interface Proof {
  readonly url: string;
  readonly checks: readonly Check[];
}

export type Verdict = Omit<Check, "name">;

/** A check as data: what `--json` calls it, what a person reads, and how it is done. */
export interface CheckDefinition {
  readonly name: string;
  /** What holds when it is ok. */
  readonly title: string;
  /**
   * @throws NotTelling where this cannot be told here; any other error means that the door did not answer
   */
  readonly run: (subject: Subject) => Promise<Verdict>;
}

/** Why a check tells nothing here. No failure. */
export class NotTelling extends Error {
  override readonly name = "NotTelling";
}

export const good = (seen: string): Verdict => ({ ok: true, seen, fix: "" });
export const bad = (seen: string, fix: string): Verdict => ({ ok: false, seen, fix });
export const untold = (seen: string): Verdict => ({ ok: null, seen, fix: "" });

/** Bad where others than this computer can reach the door, else of no concern. */
export function badBeyond({ reach }: Subject, seen: string, fix: string): Verdict {
  return reach === "beyond" ? bad(seen, fix) : untold(`${seen}, and only this computer reaches it`);
}

/** Several findings of one check: bad when there is any, each told. */
export function judge(findings: readonly string[], allWell: string, fix: string): Verdict {
  if (findings.length === 0) return good(allWell);
  const shown = findings.slice(0, 4).join("; ");
  const rest = findings.length > 4 ? `; and ${findings.length - 4} more` : "";
  return bad(`${shown}${rest}`, fix);
}

/** The message of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
