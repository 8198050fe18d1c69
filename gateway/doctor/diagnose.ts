import type { Check } from "../verify/check.ts";
import { DOOR_LOOKS } from "./door-looks.ts";
import type { Finding, Look } from "./finding.ts";
import type { Machine } from "./machine.ts";
import { OLLAMA_LOOKS } from "./ollama-looks.ts";

/** Everything that is looked at, in the order in which it is told. */
export const LOOKS: readonly Look[] = [...OLLAMA_LOOKS, ...DOOR_LOOKS];

export interface Diagnosis {
  readonly checks: readonly Check[];
  /** The names of what was wrong and was put right. */
  readonly fixed: readonly string[];
}

async function examine({ examine: look }: Look, machine: Machine): Promise<Finding> {
  try {
    return await look(machine);
  } catch (error) {
    // What cannot be looked at is no failure of the machine.
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: null, seen: `could not be looked at: ${reason}`, fix: "" };
  }
}

/**
 * Looks at the machine; with `isFixing` it does what is safe and looks again. Never throws for what it finds.
 */
export async function diagnose(
  machine: Machine,
  { isFixing }: { readonly isFixing: boolean },
): Promise<Diagnosis> {
  const fixed: string[] = [];
  const checks: Check[] = [];
  for (const look of LOOKS) {
    let { repair, ...found } = await examine(look, machine);
    if (isFixing && repair !== undefined) {
      try {
        await repair();
        ({ repair, ...found } = await examine(look, machine));
        if (found.ok === true) fixed.push(look.name);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        found = { ...found, seen: `${found.seen}; putting it right failed: ${reason}` };
      }
    }
    checks.push({ name: look.name, ...found });
  }
  return { checks, fixed };
}
