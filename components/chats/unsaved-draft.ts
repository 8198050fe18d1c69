/**
 * The draft that is on its way into the store: kept where it is written at once, since a database does not
 * finish a write that was begun in the page's last moment.
 */
const KEY = "latchkey.draft";

interface Unsaved {
  readonly key: string;
  readonly text: string;
}

export function noteUnsaved(key: string, text: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ key, text } satisfies Unsaved));
  } catch {
    // Refused or full: then the store alone has it.
  }
}

/** Undefined: the store has the newest. */
export function readUnsaved(key: string): string | undefined {
  const unsaved = read();
  return unsaved?.key === key ? unsaved.text : undefined;
}

/** The store has it now, if nothing newer was noted since. */
export function forgetUnsaved(key: string, text: string): void {
  const unsaved = read();
  if (unsaved?.key !== key || unsaved.text !== text) return;
  try {
    localStorage.removeItem(KEY);
  } catch {
    // What is noted says the same as the store.
  }
}

/** Whoever it is of. */
export function forgetEveryUnsaved(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Refused: then nothing was noted.
  }
}

function read(): Unsaved | undefined {
  try {
    const noted: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (typeof noted !== "object" || noted === null) return undefined;
    const { key, text }: Record<string, unknown> = { ...noted };
    return typeof key === "string" && typeof text === "string" ? { key, text } : undefined;
  } catch {
    return undefined;
  }
}
