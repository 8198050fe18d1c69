import { spawn } from "node:child_process";
import { constants } from "node:os";

/** What asks a program to end; SIGHUP is a closed terminal. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Between looks at whether the parent is still there. */
const LOOK_MS = 150;

/**
 * npm puts a shell between itself and a script. Asked to end, npm ends that shell alone, and whoever
 * ran in it learns of it only by having another parent.
 *
 * @param {() => void} onGone is called once, when the shell of npm has ended
 * @returns {() => void} stops watching
 */
function watchParent(onGone) {
  if (process.env.npm_lifecycle_event === undefined) {
    return () => undefined;
  }
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(looking);
      onGone();
    }
  }, LOOK_MS);
  return () => clearInterval(looking);
}

/**
 * Runs a program to its end and asks it to end when this one is asked to: by a signal, or by the
 * end of the npm that runs it.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options with `detached` the signals go to the
 *   program's whole process group
 * @returns {Promise<{ code: number, interrupted: boolean }>} the exit code, 128 + N for signal N
 */
export function runChild(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { windowsHide: true, ...options });
    let interrupted = false;
    const handOn = (signal) => {
      interrupted = true;
      try {
        if (options.detached && child.pid !== undefined) {
          process.kill(-child.pid, signal);
        } else {
          child.kill(signal);
        }
      } catch (error) {
        // ESRCH: it has ended already, which is what was asked for.
        if (error.code !== "ESRCH") {
          throw error;
        }
      }
    };
    for (const signal of SIGNALS) {
      process.on(signal, handOn);
    }
    const unwatch = watchParent(() => handOn("SIGTERM"));
    const done = () => {
      unwatch();
      for (const signal of SIGNALS) {
        process.off(signal, handOn);
      }
    };
    child.once("error", (error) => {
      done();
      reject(error);
    });
    child.once("exit", (code, signal) => {
      done();
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 0), interrupted });
    });
  });
}
