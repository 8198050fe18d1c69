import { readdir, readFile, readlink } from "node:fs/promises";
import { hasErrorCode } from "../system-error.ts";
import { type Holder, listeningInodes } from "./port-holder.ts";
import { readProcStat } from "./process-mark.ts";

const PROCESS_GROUP = 5 - 3;

/** Addresses through which 127.0.0.1 is reached, as /proc/net/tcp and tcp6 write them. */
const REACHED = /^(?:0100007F|0{8}|0{32}|0{16}FFFF0000(?:0100007F|0{8})):/;

/** Lines of the table about sockets that may take a connection to 127.0.0.1. */
function reachedThroughLoopback(table: string): string {
  const lines = table.split("\n");
  return lines.filter((line) => REACHED.test(line.trim().split(/\s+/)[1] ?? "")).join("\n");
}

async function readTable(path: string): Promise<string> {
  try {
    return reachedThroughLoopback(await readFile(path, "utf8"));
  } catch (error) {
    // A system without IPv6 has no tcp6.
    if (hasErrorCode(error, "ENOENT")) return "";
    throw error;
  }
}

/** The sockets of a process among those asked for; "hidden" when it may not be read. */
async function socketsOf(
  pid: string,
  among: ReadonlySet<string>,
): Promise<readonly string[] | "hidden"> {
  const folder = `/proc/${pid}/fd`;
  try {
    const names = await readdir(folder);
    const targets = await Promise.all(
      // A file that was closed meanwhile is none of them.
      names.map((name) => readlink(`${folder}/${name}`).catch(() => "")),
    );
    return targets.filter((target) => among.has(target));
  } catch (error) {
    if (hasErrorCode(error, "EACCES")) return "hidden";
    if (hasErrorCode(error, "ENOENT") || hasErrorCode(error, "ESRCH")) return [];
    throw error;
  }
}

async function nameOf(pid: string): Promise<string> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "a program");
  return name.trim();
}

/**
 * Who else listens where the group's own program does: Linux lets two of one user share a port
 * (SO_REUSEPORT, socket(7)), and gives each some of the connections.
 *
 * @param leader the process id of the group's leader
 * @returns undefined when the port is the group's alone, or when this system does not tell
 */
export async function findStranger(
  port: number,
  leader: number,
): Promise<Holder | "a program of another user" | undefined> {
  if (process.platform !== "linux") return undefined;
  const tables = await Promise.all(["/proc/net/tcp", "/proc/net/tcp6"].map(readTable));
  const inodes = tables.flatMap((table) => listeningInodes(table, port));
  const strange = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const sockets = new Set(strange);
  let stranger: Holder | undefined;
  for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    const held = await socketsOf(pid, sockets);
    const isOwn = readProcStat(pid)?.[PROCESS_GROUP] === String(leader);
    if (held === "hidden" && isOwn) return undefined;
    if (held === "hidden" || held.length === 0) continue;
    if (isOwn) for (const socket of held) strange.delete(socket);
    else stranger ??= { name: await nameOf(pid), pid: Number(pid) };
  }
  return strange.size === 0 ? undefined : (stranger ?? "a program of another user");
}
