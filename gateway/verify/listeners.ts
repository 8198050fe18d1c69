/** Who listens on a port of this computer, from Linux's tables: proc_pid_net(5). */
import { lookup } from "node:dns/promises";
import { readdir, readFile, readlink } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { isLoopback } from "../spec/addresses.ts";
import { hostnameOf } from "./trust.ts";

export interface ListeningSocket {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

/** The sockets that take what comes to an address. */
export interface LocalListeners {
  readonly sockets: readonly ListeningSocket[];
}

const LISTENING = "0A";

/** Four bytes of the table, which writes them as the processor holds them. */
function word(hex: string): readonly number[] {
  return [...Buffer.from(hex, "hex")].toReversed();
}

/** `0100007F` is 127.0.0.1; 32 digits are an IPv6 address, a mapped IPv4 one written as such. */
export function addressOf(hex: string): string {
  if (hex.length === 8) return word(hex).join(".");
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(word);
  const isMapped = bytes.slice(0, 12).join() === "0,0,0,0,0,0,0,0,0,0,255,255";
  if (isMapped) return bytes.slice(12).join(".");
  const text = Buffer.from(bytes).toString("hex").match(/.{4}/g)?.join(":") ?? "";
  return hostnameOf(new URL(`http://[${text}]`));
}

/** The listening sockets in the text of /proc/net/tcp or tcp6. */
export function readSockets(table: string): ListeningSocket[] {
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    if (state !== LISTENING) return [];
    return [{ address: addressOf(address), port: Number.parseInt(port, 16), inode }];
  });
}

const isEverywhere = (address: string): boolean => address === "0.0.0.0" || address === "::";

/** Whether others than this computer reach the socket. */
export const isOpenToOthers = ({ address }: ListeningSocket): boolean => !isLoopback(address);

/** Every listening socket on a port; undefined where this system does not tell. */
export async function socketsOn(port: number): Promise<readonly ListeningSocket[] | undefined> {
  if (process.platform !== "linux") return undefined;
  const tables = await Promise.all(
    // A system without IPv6 has no tcp6.
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readFile(path, "utf8").catch(() => "")),
  );
  if (tables.every((table) => table === "")) return undefined;
  return tables.flatMap(readSockets).filter((socket) => socket.port === port);
}

/** The addresses that a host means. */
async function addressesOf(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

function isOfThisComputer(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return isLoopback(address) || own.some((one) => one.address === address);
}

/**
 * The sockets that take connections to a URL of this computer: those of its very address before
 * those of every address, as the system chooses.
 *
 * @returns undefined for another computer, and where this system does not tell
 */
export async function listenersFor(url: URL, port: number): Promise<LocalListeners | undefined> {
  const addresses = await addressesOf(hostnameOf(url));
  if (addresses.length === 0 || !addresses.every(isOfThisComputer)) return undefined;
  const sockets = await socketsOn(port);
  if (sockets === undefined) return undefined;
  const taking = sockets.filter(
    ({ address }) => isEverywhere(address) || addresses.includes(address),
  );
  return { sockets: taking };
}

/** The sockets by which others may come in at that address. */
export function openSockets({ sockets }: LocalListeners): readonly ListeningSocket[] {
  const exact = sockets.filter(({ address }) => !isEverywhere(address));
  return (exact.length > 0 ? exact : sockets).filter(isOpenToOthers);
}

export interface SocketHolder {
  readonly pid: number;
  readonly name: string;
  readonly inodes: readonly string[];
}

async function inodesOf(pid: string, among: ReadonlySet<string>): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  // Processes end and files close while one looks; those of others cannot be seen at all.
  const names = await readdir(folder).catch((): string[] => []);
  const targets = await Promise.all(
    names.map((name) => readlink(`${folder}/${name}`).catch(() => "")),
  );
  const held = targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? "");
  return [...new Set(held.filter((inode) => among.has(inode)))];
}

/** The processes that hold these sockets, as far as they can be seen. */
export async function holdersOf(sockets: readonly ListeningSocket[]): Promise<SocketHolder[]> {
  const among = new Set(sockets.map(({ inode }) => inode));
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const inodes = await inodesOf(pid, among);
      if (inodes.length === 0) return [];
      const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "a program");
      return [{ pid: Number(pid), name: name.trim(), inodes }];
    }),
  );
  return found.flat();
}
