import { COMPOSER_ID } from "./focus-composer.ts";

/** Takes away what is being written, as a person would: its draft goes with it. */
export function emptyComposer(): void {
  const box = document.getElementById(COMPOSER_ID);
  if (!(box instanceof HTMLTextAreaElement) || box.value === "") return;
  box.value = "";
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
