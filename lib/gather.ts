/** Pieces that arrive a second, of all streams together, from which on this process counts as busy. */
const BUSY_RATE = 400;
const WINDOW_MS = 100;
/** So many within a window are as many a second already, whatever the rest of it brings. */
const BUSY_PIECES = (BUSY_RATE * WINDOW_MS) / 1000;
/** So long a piece is held at most, the lateness of a timer apart. */
const HOLD_MS = 16;

/** What can hold pieces back for a moment. */
export interface Gathering {
  flush(): void;
  /** @returns whether flushing should wait until what comes at once has come */
  wake(): boolean;
}

let windowBegan = 0;
let piecesInWindow = 0;
let rate = 0;
let timer: NodeJS.Timeout | undefined;
let held = new Set<Gathering>();

/**
 * Counts pieces. At a real pace a token costs its events, not its bytes (DESIGN.md): when many streams run, a few
 * pieces written as one cost less, and nobody sees a sixtieth of a second.
 *
 * @returns whether this process is so busy that pieces should be gathered
 */
export function countPieces(pieces: number): boolean {
  const now = performance.now();
  const elapsed = now - windowBegan;
  if (elapsed >= WINDOW_MS) {
    rate = (piecesInWindow / elapsed) * 1000;
    piecesInWindow = 0;
    windowBegan = now;
  }
  piecesInWindow += pieces;
  return rate >= BUSY_RATE || piecesInWindow >= BUSY_PIECES;
}

/** Has `flush` called within 16 ms, with that of all others who hold something. */
export function flushSoon(gathering: Gathering): void {
  held.add(gathering);
  timer ??= setTimeout(flushAll, HOLD_MS);
}

/** It has nothing more to flush. */
export function forget(gathering: Gathering): void {
  held.delete(gathering);
}

function flushAll(): void {
  timer = undefined;
  const all = held;
  held = new Set();
  const waiting: Gathering[] = [];
  for (const each of all) {
    if (each.wake()) waiting.push(each);
    else each.flush();
  }
  if (waiting.length === 0) return;
  // After the poll phase, in which their sockets are read.
  setImmediate(() => {
    for (const each of waiting) each.flush();
  });
}
