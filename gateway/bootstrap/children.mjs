import { spawn } from "node:child_process";
import { constants } from "node:os";

/** What asks a program to end; SIGHUP is a closed terminal. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program to its end and hands on to it every signal that asks this one to end.
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
    const done = () => {
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
