import type { IncomingMessage } from "node:http";
import { isLoopback } from "./app-address.ts";

/** A name or address with an optional port; an IPv6 address stands in brackets (RFC 9110, 7.2). */
const HOST = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::\d{1,5})?$/;

/** Where a browser says the request comes from; `none` is a person who typed the address. */
const FROM_NO_PAGE = "none";

/**
 * Whether a request comes from a program on this machine. Any page on the web can reach a port of
 * loopback: a browser tells of it by Origin or Sec-Fetch-Site, and by Host where the page's own name
 * was made to lead here (DNS rebinding).
 */
export function isFromProgram({
  headersDistinct,
}: Pick<IncomingMessage, "headersDistinct">): boolean {
  const [host = "", ...more] = headersDistinct["host"] ?? [];
  const name = HOST.exec(host)?.[1];
  if (name === undefined || more.length > 0 || !isLoopback(name)) return false;
  const sites = headersDistinct["sec-fetch-site"] ?? [];
  return headersDistinct["origin"] === undefined && sites.every((site) => site === FROM_NO_PAGE);
}
