import { createServer, connect, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { hasErrorCode } from "../system-error.ts";
import type { Holder } from "./port-holder.ts";

const ASK_MS = 500;

/**
 * A name that one process at a time can listen on and that goes away with it: an abstract socket, which lies in
 * the same network namespace as the port (unix(7)), or a named pipe. Undefined where there is neither.
 */
function nameOf(port: number): string | undefined {
  if (process.platform === "linux") return `\0latchkey-door-${port}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\latchkey-door-${port}`;
  return undefined;
}

/** Whoever asks is told the process id. */
function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.end(String(process.pid));
    });
    server.once("error", (error) => {
      if (hasErrorCode(error, "EADDRINUSE") || hasErrorCode(error, "EACCES")) resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Who reserved it; undefined when they are gone again or do not say. */
async function askHolder(path: string): Promise<Holder | undefined> {
  const socket = connect(path);
  // Anybody on this machine may listen there, and need not stop talking.
  const timer = setTimeout(() => socket.destroy(), ASK_MS);
  try {
    const pid = Number(await text(socket));
    return Number.isInteger(pid) && pid > 0 ? { name: "another Latchkey", pid } : undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Keeps a door's port for this process: two Caddys of one user share a port without an error, so a port that
 * looks free is one's own only when every other Latchkey keeps away from it.
 *
 * @param until ends the reservation; so does the end of the process
 * @returns undefined when it is reserved (or this system has no means to), else who has it
 */
export async function reservePort(
  port: number,
  until: AbortSignal,
): Promise<Holder | "another Latchkey" | undefined> {
  const path = nameOf(port);
  if (path === undefined) return undefined;
  until.throwIfAborted();
  const server = await listen(path);
  if (server === undefined) return (await askHolder(path)) ?? "another Latchkey";
  const end = (): void => {
    server.close();
  };
  if (until.aborted) end();
  until.addEventListener("abort", end, { once: true });
  return undefined;
}
