import { useEffect } from "react";

/** CSS pixels; less than this is a toolbar of the browser. */
const LEAST_KEYBOARD = 120;

/**
 * CSS pixels of the page that a keyboard on glass covers. Zooming in makes the visible part smaller as well, by its
 * scale, and covers nothing.
 */
export function coveredHeight(layoutHeight: number, visible: VisiblePart): number {
  const covered = layoutHeight - visible.height * visible.scale;
  return covered < LEAST_KEYBOARD ? 0 : Math.round(covered);
}

type VisiblePart = Pick<VisualViewport, "height" | "scale">;

/**
 * Sets `--keyboard` on the page where a keyboard covers it in place of making it smaller, which is Safari's way;
 * elsewhere the viewport's `interactive-widget` does it, and nothing is set.
 */
export function useVisualViewport(): void {
  useEffect(() => {
    const visible = visualViewport;
    if (visible === null) return undefined;
    const root = document.documentElement;
    const follow = () => {
      const covered = coveredHeight(root.clientHeight, visible);
      if (covered === 0) {
        root.style.removeProperty("--keyboard");
        return;
      }
      root.style.setProperty("--keyboard", `${covered}px`);
      // Safari has moved the page up to show the box; now that there is room, that would hide the top.
      if (visible.offsetTop > 0 && visible.scale === 1) scrollTo(0, 0);
    };
    follow();
    visible.addEventListener("resize", follow);
    return () => {
      visible.removeEventListener("resize", follow);
      root.style.removeProperty("--keyboard");
    };
  }, []);
}
