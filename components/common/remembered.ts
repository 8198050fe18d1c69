/** What this browser remembers between visits. A browser that refuses storage forgets, nothing worse. */
const PREFIX = "latchkey.";

export function readRemembered(name: "model"): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function writeRemembered(name: "model", value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Private windows and full storage: the choice holds for this visit.
  }
}
