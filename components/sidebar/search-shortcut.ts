type Keys = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing"
>;

/**
 * Whether a key press asks for the search: Ctrl+K, on Apple's keyboards Cmd+K, where Ctrl+K cuts a line.
 * A Korean or Cyrillic layout has no letter K: there the place of the key counts.
 */
export function isSearchShortcut(event: Keys, apple: boolean): boolean {
  const modifier = apple ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  if (!modifier || event.altKey || event.shiftKey || event.isComposing) return false;
  const latin = /^[a-z]$/iu.test(event.key);
  return latin ? event.key.toLowerCase() === "k" : event.code === "KeyK";
}
