import { BlockList, isIP, isIPv6 } from "node:net";
import { UsageError } from "../commands/command.ts";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Private and link-local networks: RFC 1918, RFC 3927, RFC 4193, RFC 4291. */
const PRIVATE = new BlockList();
PRIVATE.addSubnet("10.0.0.0", 8, "ipv4");
PRIVATE.addSubnet("172.16.0.0", 12, "ipv4");
PRIVATE.addSubnet("192.168.0.0", 16, "ipv4");
PRIVATE.addSubnet("169.254.0.0", 16, "ipv4");
PRIVATE.addSubnet("fc00::", 7, "ipv6");
PRIVATE.addSubnet("fe80::", 10, "ipv6");

/** Names that mean this machine (RFC 6761), and those that only a network at home answers to (RFC 6762, RFC 8375). */
const LOOPBACK_NAME = /^(?:.+\.)?localhost$/;
const PRIVATE_NAME = /\.(?:local|home\.arpa)$/;

const isIn = (list: BlockList, address: string): boolean =>
  isIP(address) !== 0 && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");

const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase();

/** Whether a host, as a URL writes it, can only be this machine. */
export function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  return LOOPBACK_NAME.test(host) || isIn(LOOPBACK, host);
}

function isPrivate(hostname: string): boolean {
  const host = bare(hostname);
  return PRIVATE_NAME.test(host) || isIn(PRIVATE, host);
}

/** Where the app is. */
export interface AppAddress {
  /** Scheme, host and port, nothing else. */
  readonly url: URL;
  /** What a person must know before the key goes there. */
  readonly warning?: string;
}

/**
 * The app's address as a person typed it. It is never repeated: a link to sign in holds a key.
 *
 * @throws UsageError when it is no such address, or one to which the key would go in clear through
 *   the Internet
 */
export function readAppAddress(text: string): AppAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const wants = /^[a-z]+:\/\//i.test(text) ? "" : " with https:// or http:// in front";
    throw new UsageError(
      `APP_URL wants the app's address${wants}, such as https://NAME.vercel.app`,
    );
  }
  const { username, password, pathname, search, hash } = url;
  if (`${username}${password}${search}${hash}` !== "" || pathname !== "/") {
    throw new UsageError(
      "APP_URL wants the app's address alone: nothing before or after the host.",
    );
  }
  if (url.protocol === "https:" || isLoopback(url.hostname)) return { url };
  if (isPrivate(url.hostname)) {
    const warning = "The key crosses the network in clear: use this in a network you trust only.";
    return { url, warning };
  }
  throw new UsageError("APP_URL wants https: over http the key would cross the Internet in clear.");
}
