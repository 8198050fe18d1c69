import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A holder that lives touches its lock this often. */
const TOUCH_MS = 1_000;
/** A lock untouched for this long belongs to nobody, even where its process id is in use again. */
const STALE_MS = 15_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there, but somebody else's.
    return error.code === "EPERM";
  }
}

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

/** Removes a lock whose holder is gone. */
function removeStale(path) {
  try {
    const age = Date.now() - statSync(path).mtimeMs;
    const holder = Number(readFileSync(path, "utf8"));
    // An empty file is one that is being written just now.
    const isHeld = holder === 0 ? age < TOUCH_MS : isAlive(holder) && age < STALE_MS;
    if (!isHeld) {
      rmSync(path, { force: true });
    }
  } catch (error) {
    if (error.code !== "ENOENT") {
      throw error;
    }
  }
}

/**
 * Does the work while no other process does it.
 *
 * @template Result
 * @param {string} path the lock file
 * @param {{ onWait: () => void, work: () => Promise<Result> }} options `onWait` is called once,
 *   when somebody else holds the lock
 * @returns {Promise<Result>} what the work returned
 */
export async function withLock(path, { onWait, work }) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let waited = false;
  while (!take(path)) {
    removeStale(path);
    if (!waited) {
      onWait();
      waited = true;
    }
    await delay(100);
  }
  const touching = setInterval(() => {
    utimesSync(path, new Date(), new Date());
  }, TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    rmSync(path, { force: true });
  }
}
