import { BlockList, isIP } from "node:net";
import type { Config } from "./config.ts";

/** How a caller is known whose address nobody we trust has told. */
const UNKNOWN = "unknown";

const HOLDER = Symbol.for("latchkey.peer-header");

/**
 * The header under which instrumentation.ts notes the address at the other end of each connection: route
 * handlers do not see the connection, and Next itself believes any X-Forwarded-For that came. Its name is made of
 * chance, once a process, so that nobody can send it; it is kept where each of Next's bundles finds it.
 */
export function peerHeader(): string {
  const known: unknown = Reflect.get(globalThis, HOLDER);
  if (typeof known === "string") return known;
  const made = `x-latchkey-peer-${crypto.randomUUID()}`;
  Reflect.set(globalThis, HOLDER, made);
  return made;
}

/**
 * The address a request came from, as limits know it: an IPv4 address, the /64 of an IPv6 one (one household's),
 * or `unknown`. What the caller itself writes into forwarding headers is believed on Vercel, which overwrites
 * them, and behind a proxy that the owner named: then the last entry that is none of the named ones.
 */
export function callerAddress(headers: Headers, { trustedProxy }: Config): string {
  const forwarded = (headers.get("x-forwarded-for") ?? "").split(/[\s,]+/).filter(Boolean);
  if (trustedProxy === "vercel")
    return networkOrAddress(headers.get("x-real-ip") ?? forwarded[0] ?? "");
  const peer = plain(headers.get(peerHeader()) ?? "");
  if (!isAmong(peer, trustedProxy)) return networkOrAddress(peer);
  const last = forwarded.map(plain).findLast((entry) => !isAmong(entry, trustedProxy));
  return networkOrAddress(last ?? peer);
}

/** An IPv4 address that came over an IPv6 socket is written as one of IPv4; a port is cut off. */
function plain(address: string): string {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(address)?.[1] ?? address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(mapped)?.[1] ?? mapped;
}

/** As limits count it. */
function networkOrAddress(address: string): string {
  const bare = plain(address);
  const kind = isIP(bare);
  if (kind === 4) return bare;
  return kind === 6 ? networkOf(bare) : UNKNOWN;
}

/** The first 64 bits: whoever has one IPv6 address has 2^64 of them. */
function networkOf(address: string): string {
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  const all = [...groups, ...Array.from({ length: missing }, () => "0"), ...rest];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}

const lists = new WeakMap<readonly string[], BlockList>();

function isAmong(address: string, entries: readonly string[]): boolean {
  const kind = isIP(address);
  if (kind === 0) return false;
  let list = lists.get(entries);
  if (list === undefined) {
    list = new BlockList();
    for (const entry of entries) addEntry(list, entry);
    lists.set(entries, list);
  }
  return list.check(address, kind === 4 ? "ipv4" : "ipv6");
}

function addEntry(list: BlockList, entry: string): void {
  const [address = "", bits] = entry.split("/");
  const family = isIP(address) === 4 ? "ipv4" : "ipv6";
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}
