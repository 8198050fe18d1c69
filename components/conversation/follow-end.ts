/** So near to the end a person is taken to be reading there. */
const NEAR_PIXELS = 48;

export interface Following {
  /** Goes to the end, and stays there. */
  readonly toEnd: () => void;
  /** Goes to the beginning, and follows nothing until it is told to. */
  readonly toStart: () => void;
  readonly stop: () => void;
}

/**
 * Keeps a scroll container at its end while its content grows, until the person scrolls away; back at
 * the end it goes on. `data-away` on the container tells which.
 */
export function followEnd(container: HTMLElement, content: HTMLElement): Following {
  let following = false;
  let lastTop = container.scrollTop;

  function mark(follows: boolean): void {
    following = follows;
    container.toggleAttribute("data-away", !follows);
  }
  function toEnd(): void {
    container.scrollTop = container.scrollHeight;
    mark(true);
  }
  function toStart(): void {
    container.scrollTop = 0;
    mark(true);
    following = false;
  }
  function noteScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = container;
    // Content that grew since the last frame looks like distance; only a person scrolls upwards.
    const near = scrollHeight - scrollTop - clientHeight < NEAR_PIXELS;
    if (near) mark(true);
    else if (scrollTop < lastTop) mark(false);
    lastTop = scrollTop;
  }

  const observer = new ResizeObserver(() => {
    if (following) container.scrollTop = container.scrollHeight;
  });
  observer.observe(content);
  observer.observe(container);
  container.addEventListener("scroll", noteScroll, { passive: true });
  return {
    toEnd,
    toStart,
    stop: () => {
      observer.disconnect();
      container.removeEventListener("scroll", noteScroll);
    },
  };
}
