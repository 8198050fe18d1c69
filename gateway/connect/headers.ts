import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";

type Headers = IncomingMessage["headersDistinct"];

/** They belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** What a client may say of itself that must not stand beside the key, or is answered here already. */
const NOT_TO_APP = [
  ...HOP_BY_HOP,
  "authorization",
  "cookie",
  "x-api-key",
  "origin",
  "referer",
  "host",
  "expect",
  "content-length",
];

/** What is between the app and a browser, and would be told to another host here. */
const NOT_TO_CLIENT = [
  ...HOP_BY_HOP,
  "set-cookie",
  "alt-svc",
  "strict-transport-security",
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-allow-private-network",
];

/** Without the names given, and without those that Connection names. */
function without(headers: Headers, names: readonly string[]): OutgoingHttpHeaders {
  const listed = (headers["connection"] ?? []).flatMap((line) => line.split(","));
  const dropped = new Set([...names, ...listed.map((name) => name.trim().toLowerCase())]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

/** How long the body is. Node would leave it out for methods that rarely have one. */
function framing(headers: Headers): OutgoingHttpHeaders {
  const length = headers["content-length"]?.[0];
  if (length !== undefined) return { "content-length": length };
  return headers["transfer-encoding"] === undefined ? {} : { "transfer-encoding": "chunked" };
}

/** What goes on to the app: the client's headers, with the key in place of all it showed itself. */
export function toApp(headers: Headers, key: string): OutgoingHttpHeaders {
  return {
    ...without(headers, NOT_TO_APP),
    ...framing(headers),
    authorization: `Bearer ${key}`,
  };
}

/** What goes back to the client. */
export function toClient(headers: Headers): OutgoingHttpHeaders {
  return without(headers, NOT_TO_CLIENT);
}
