import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A program, by the name a person knows it by, and its process id. */
export interface Holder {
  readonly name: string;
  readonly pid: number;
}

const LISTENING = "0A";

/**
 * The socket numbers that listen on a port, from the text of /proc/net/tcp or tcp6: in each line the
 * second field is ADDRESS:PORT in hex, the fourth the state, the tenth the inode (proc_pid_net(5)).
 */
export function listeningInodes(table: string, port: number): readonly string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const isWanted = fields[3] === LISTENING && fields[1]?.endsWith(`:${hex}`) === true;
    return isWanted && fields[9] !== undefined ? [fields[9]] : [];
  });
}

/** Files of /proc go away while one reads, and others' may not be read: both mean "not this one". */
async function orNothing<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  return reading.catch((): undefined => undefined);
}

async function hasSocket(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const names = (await orNothing(readdir(folder))) ?? [];
  for (const name of names) {
    const target = await orNothing(readlink(`${folder}/${name}`));
    if (target !== undefined && sockets.has(target)) return true;
  }
  return false;
}

async function findOnLinux(port: number): Promise<Holder | undefined> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => orNothing(readFile(path, "utf8"))),
  );
  const inodes = tables.flatMap((table) => listeningInodes(table ?? "", port));
  const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    if (!(await hasSocket(pid, sockets))) continue;
    const name = await orNothing(readFile(`/proc/${pid}/comm`, "utf8"));
    return { name: name?.trim() ?? "a program", pid: Number(pid) };
  }
  return undefined;
}

/** What `lsof -Fpc` says: a line p and the process id, then a line c and the name. */
export function readLsof(output: string): Holder | undefined {
  const pid = /^p(\d+)$/m.exec(output)?.[1];
  const name = /^c(.+)$/m.exec(output)?.[1];
  return pid === undefined ? undefined : { name: name ?? "a program", pid: Number(pid) };
}

/** What `netstat -ano` says of the port: the process id stands last. */
export function readNetstat(output: string, port: number): number | undefined {
  const pattern = new RegExp(`^\\s*TCP\\s+\\S+:${port}\\s+\\S+:0\\s+\\S+\\s+(\\d+)\\s*$`, "m");
  const pid = pattern.exec(output)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

async function findOnWindows(port: number): Promise<Holder | undefined> {
  const pid = readNetstat((await run("netstat", ["-ano", "-p", "TCP"])).stdout, port);
  if (pid === undefined) return undefined;
  const { stdout } = await run("tasklist", ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"]);
  return { name: /^"([^"]+)"/.exec(stdout)?.[1] ?? "a program", pid };
}

async function look(port: number): Promise<Holder | undefined> {
  if (process.platform === "linux") return findOnLinux(port);
  if (process.platform === "win32") return findOnWindows(port);
  return readLsof((await run("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"])).stdout);
}

/** Who listens on a port, in words for a sentence. */
export async function findHolder(port: number): Promise<string> {
  // lsof ends with 1 when it finds nothing, and may be missing: then nobody can be named.
  const holder = await orNothing(look(port));
  if (holder === undefined) return "a program of another user";
  return `${holder.name} (process ${holder.pid})`;
}
