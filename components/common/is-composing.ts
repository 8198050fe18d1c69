const SAFARI_COMPOSING = 229;

/**
 * Whether a key belongs to an input method that is still composing a character. Safari ends the
 * composition before the Enter that confirms it; only the old key code tells there.
 */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === SAFARI_COMPOSING;
}
