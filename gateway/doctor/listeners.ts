/** Who listens on a port of this computer, as each system tells it. */
import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";
import { hasErrorCode } from "../system-error.ts";
import { readProcStat } from "../up/process-mark.ts";
import type { Known, Listener, Owner } from "./machine.ts";

const run = promisify(execFile);

const LISTENING = "0A";
/** The process group among the fields of /proc/PID/stat from the third on. */
const PROCESS_GROUP = 5 - 3;

/** An address as /proc/net/tcp writes it: words of four bytes, each in the order of this machine. */
export function decodeAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/gu) ?? []).flatMap((word) =>
    (word.match(/../gu) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return bytes.join(".");
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff;
  if (isMapped) return bytes.slice(12).join(".");
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** The listening sockets of a port in the text of /proc/net/tcp or tcp6 (proc_pid_net(5)). */
export function socketsIn(
  table: string,
  port: number,
): readonly { readonly address: string; readonly inode: string }[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/u);
    const [hex = "", hexPort] = fields[1]?.split(":") ?? [];
    const inode = fields[9];
    if (fields[3] !== LISTENING || hexPort !== wanted || inode === undefined) return [];
    return [{ address: decodeAddress(hex), inode }];
  });
}

async function orNothing<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  return reading.catch((): undefined => undefined);
}

/** The first process that holds each of the sockets, as far as this user may see. */
async function ownersOf(inodes: ReadonlySet<string>): Promise<ReadonlyMap<string, Owner>> {
  const owners = new Map<string, Owner>();
  if (inodes.size === 0) return owners;
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/u.test(entry));
  for (const pid of pids) {
    const folder = `/proc/${pid}/fd`;
    const names = (await orNothing(readdir(folder))) ?? [];
    for (const name of names) {
      const target = await orNothing(readlink(`${folder}/${name}`));
      const inode = /^socket:\[(\d+)\]$/u.exec(target ?? "")?.[1];
      if (inode === undefined || !inodes.has(inode) || owners.has(inode)) continue;
      const command = (await orNothing(readFile(`/proc/${pid}/comm`, "utf8"))) ?? "a program";
      const group = Number(readProcStat(pid)?.[PROCESS_GROUP] ?? pid);
      owners.set(inode, { name: command.trim(), pid: Number(pid), group });
    }
  }
  return owners;
}

async function onLinux(port: number): Promise<readonly Listener[]> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => orNothing(readFile(path, "utf8"))),
  );
  const sockets = tables.flatMap((table) => socketsIn(table ?? "", port));
  const owners = await ownersOf(new Set(sockets.map(({ inode }) => inode)));
  return sockets.map(({ address, inode }) => ({ address, owner: owners.get(inode) }));
}

const EVERYWHERE: Readonly<Record<string, string>> = { "*": "0.0.0.0", "[::]": "::" };

const bare = (address: string): string =>
  EVERYWHERE[address] ?? address.replace(/^\[(.*)\]$/u, "$1");

/** What `lsof -nP -iTCP:PORT -sTCP:LISTEN -Fpcn` says: p and the process id, c its name, n an address. */
export function readLsof(output: string): readonly Listener[] {
  const found: Listener[] = [];
  let pid = 0;
  let name = "a program";
  for (const line of output.split("\n")) {
    if (line.startsWith("p")) pid = Number(line.slice(1));
    else if (line.startsWith("c")) name = line.slice(1);
    else if (line.startsWith("n")) {
      const address = bare(line.slice(1).replace(/:\d+$/u, ""));
      found.push({ address, owner: { name, pid, group: pid } });
    }
  }
  return found;
}

/** What `netstat -ano` says: a listener has no other end, and the process id stands last. */
export function readNetstat(output: string, port: number): readonly Listener[] {
  return output.split("\n").flatMap((line) => {
    const [protocol, own = "", other = "", ...rest] = line.trim().split(/\s+/u);
    const pid = Number(rest.at(-1));
    if (protocol !== "TCP" || !own.endsWith(`:${port}`) || !other.endsWith(":0")) return [];
    const owner = { name: "a program", pid, group: pid };
    return [{ address: bare(own.slice(0, own.lastIndexOf(":"))), owner }];
  });
}

async function onMac(port: number): Promise<readonly Listener[]> {
  try {
    const args = ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpcn"];
    return readLsof((await run("lsof", args)).stdout);
  } catch (error) {
    // It ends with 1 where it finds nothing.
    if (error instanceof Error && "code" in error && error.code === 1) return [];
    throw error;
  }
}

/** The listeners of a port, or why this system does not tell. */
export async function findListeners(
  port: number,
  platform: NodeJS.Platform = process.platform,
): Promise<Known<readonly Listener[]>> {
  try {
    if (platform === "linux") return { value: await onLinux(port) };
    if (platform === "darwin") return { value: await onMac(port) };
    if (platform === "win32") {
      return { value: readNetstat((await run("netstat", ["-ano"])).stdout, port) };
    }
    return { unknown: `on ${platform} it is not known who listens where` };
  } catch (error) {
    const isMissing = hasErrorCode(error, "ENOENT");
    const program = platform === "win32" ? "netstat" : "lsof";
    return { unknown: isMissing ? `${program} is not there` : `${program} did not answer` };
  }
}
