/** What an address in the description of the door may be. */
import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether only this computer can reach it. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/u, "$1");
  if (bare === "localhost") return true;
  const family = isIP(bare);
  return family !== 0 && loopback.check(bare, family === 6 ? "ipv6" : "ipv4");
}

/** Whether binding it means every address of this computer: `0.0.0.0`, or `::` however it is written. */
export function isWildcard(address: string): boolean {
  return /^[0:.]+$/u.test(address);
}

/** An address that a certificate can be made for: one computer's, without the zone of a link. */
export function isPublicAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes("%") && !isWildcard(text);
}

/** The host of an address such as `http://gpu.local:11434`, without the brackets of IPv6. */
export function hostOf(address: string): string {
  return new URL(address).hostname.replace(/^\[(.*)\]$/u, "$1");
}

/** The port of such an address. */
export function portOf(address: string): number {
  const { port, protocol } = new URL(address);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/**
 * Only scheme, host and port: a path, a query or a login in it would be dropped without a word, and a
 * `*` in its name would be taken for what it looks like.
 */
function isPlain(text: string, schemes: readonly string[]): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    schemes.includes(url.protocol) &&
    /^[a-z0-9.:[\]_-]+$/u.test(url.hostname) &&
    url.href === `${url.origin}/`
  );
}

/** An Ollama's address: plain HTTP, which is all it speaks. */
export function isUpstream(text: string): boolean {
  return isPlain(text, ["http:"]);
}

/** A browser's origin, exactly as it sends it: HTTPS, or HTTP from the same computer. */
export function isOrigin(text: string): boolean {
  if (!isPlain(text, ["https:", "http:"])) return false;
  const { origin, protocol, hostname } = new URL(text);
  return text === origin && (protocol === "https:" || isLoopback(hostname));
}

/** A name that the public can look up: letters, digits and hyphens, with at least one dot. */
export function isDomainName(text: string): boolean {
  return (
    text.length <= 253 &&
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/u.test(text)
  );
}
