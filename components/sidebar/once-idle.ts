import { whenIdle } from "../common/when-idle.ts";

/** A task that is run when the page has nothing better to do, once for however often it was asked for by then. */
export function onceIdle(
  task: () => void,
  later: (task: () => void) => () => void = whenIdle,
): { readonly ask: () => void; readonly callOff: () => void } {
  let waiting: (() => void) | undefined;
  return {
    ask: () => {
      waiting ??= later(() => {
        waiting = undefined;
        task();
      });
    },
    callOff: () => {
      waiting?.();
      waiting = undefined;
    },
  };
}
