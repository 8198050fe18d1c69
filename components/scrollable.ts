/** The tabIndex of what scrolls by itself: who has no mouse focuses it and uses the arrow keys. */
export const SCROLLABLE = 0;
