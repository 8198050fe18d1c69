/** The message box: what the skip link and the page's own focus lead to. */
export const COMPOSER_ID = "message";

/** Back to writing after a button is gone. Not on a phone, where the keyboard would cover the answer. */
export function focusComposer(): void {
  if (!matchMedia("(pointer: fine)").matches) return;
  document.getElementById(COMPOSER_ID)?.focus({ preventScroll: true });
}
