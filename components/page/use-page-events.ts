import { useEffect } from "react";
import { focusComposer } from "../composer/focus-composer.ts";
import { isComposing } from "../common/is-composing.ts";
import { loadAnswer, loadEngine, loadPreparation } from "../late.ts";
import { whenIdle } from "../common/when-idle.ts";

/** What comes late is loaded when the page is idle; all is asked for again when it is needed: a failure is told there. */
export function useIdleLoading(): void {
  useEffect(() => whenIdle(() => void Promise.allSettled([loadEngine(), loadAnswer()])), []);
  useEffect(() => {
    let callOff: (() => void) | undefined;
    // Who writes will read an answer.
    const prepare = (): void => {
      callOff = whenIdle(() => {
        void loadPreparation()
          .then(({ prepareAnswers }) => prepareAnswers())
          .catch(() => undefined);
      });
    };
    addEventListener("input", prepare, { once: true });
    return () => {
      removeEventListener("input", prepare);
      callOff?.();
    };
  }, []);
}

/** A page in the browser's back-forward cache would keep the model busy. */
export function useLeaving(leave: () => void): void {
  useEffect(() => {
    addEventListener("pagehide", leave);
    return () => removeEventListener("pagehide", leave);
  }, [leave]);
}

/** Escape stops, where nothing nearer takes it for itself. */
export function useStopOnEscape(stop: () => void, busy: boolean): void {
  useEffect(() => {
    if (!busy) return undefined;
    const stopOnEscape = (event: KeyboardEvent) => {
      const isElsewhere = event.defaultPrevented || isInLayer(event.target);
      if (event.key !== "Escape" || isElsewhere || isComposing(event)) return;
      stop();
      focusComposer();
    };
    addEventListener("keydown", stopOnEscape);
    return () => removeEventListener("keydown", stopOnEscape);
  }, [stop, busy]);
}

/** In a dialog or a popover Escape closes that. */
function isInLayer(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("dialog, [popover]") !== null;
}
