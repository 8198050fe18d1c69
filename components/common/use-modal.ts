import { useEffect, useRef, type RefObject } from "react";

/** A dialog that is open, above all else, as long as it is there. A click beside it closes it. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement | null>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return undefined;
    const closeBeside = (event: MouseEvent) => {
      if (event.target === element) element.close();
    };
    const keepEscape = (event: KeyboardEvent) => {
      // It closes the dialog; it does not stop an answer as well.
      if (event.key === "Escape") event.stopPropagation();
    };
    if (!element.open) element.showModal();
    element.addEventListener("mousedown", closeBeside);
    element.addEventListener("keydown", keepEscape);
    return () => {
      element.removeEventListener("mousedown", closeBeside);
      element.removeEventListener("keydown", keepEscape);
    };
  }, []);
  return dialog;
}
