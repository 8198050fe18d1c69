interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = 4;

/** Where a menu goes, in pixels of the window: below its button, above where there is no room, never outside. */
export function besideButton(button: Box, menu: Size, view: Size): { left: number; top: number } {
  const below = button.bottom + GAP;
  const above = button.top - GAP - menu.height;
  const roomBelow = below + menu.height + GAP <= view.height;
  return {
    left: within(button.right - menu.width, view.width - menu.width),
    top: within(roomBelow || above < GAP ? below : above, view.height - menu.height),
  };
}

const within = (wished: number, most: number) => Math.max(GAP, Math.min(wished, most - GAP));
