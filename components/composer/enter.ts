/** What is known of a press of Enter. */
export interface EnterPress {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * What Enter means in the message box. A keyboard on glass has no Shift+Enter worth the name: there Enter starts a
 * line, and the button sends. A press that belongs to an input method never comes here.
 */
export function enterMeaning(press: EnterPress, onGlass: boolean): "send" | "new-line" {
  if (press.ctrlKey || press.metaKey) return "send";
  if (press.shiftKey || press.altKey || onGlass) return "new-line";
  return "send";
}

/** Whether the keyboard is most likely one on glass. */
export function isOnGlass(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}
