/** Widths in pixels at which elements were laid out. */
const widths = new WeakMap<Element, number>();

/** Told by the browser what it has laid out; of a hidden page it lays out nothing. */
function noteLaidOut(entries: readonly ResizeObserverEntry[]): void {
  for (const { target, contentRect } of entries) {
    const known = widths.get(target);
    widths.set(target, contentRect.width);
    // At another width it has another height, which is not known before it is laid out so.
    target.toggleAttribute("data-laid-out", known === undefined || known === contentRect.width);
  }
}

let observer: ResizeObserver | undefined;

/**
 * Marks an element as `data-laid-out` once the browser has done so at its present width: from then on its height is
 * known, also while its contents are skipped (`content-visibility`). A ref for any number of elements.
 */
export function markLaidOut(element: HTMLElement | null): (() => void) | undefined {
  if (element === null) return undefined;
  observer ??= new ResizeObserver(noteLaidOut);
  const watching = observer;
  watching.observe(element);
  return () => watching.unobserve(element);
}
