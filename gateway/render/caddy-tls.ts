/** The door's certificates: what they are made for, and which one is shown to whom. */
import { isIPv6 } from "node:net";
import type { Block } from "../block.ts";
import { isWildcard } from "../spec/addresses.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { caddyKnows } from "./caddy-version.ts";

/**
 * Whom the door's own root vouches for. A client that goes to an address names nobody, and Caddy looks
 * for a certificate of the address the connection came in on first: behind a router that is not the
 * one the client went to, so the listener's own is not among them where a public one is given.
 */
function ownNames({ listen, name, publicAddress }: GatewaySpec): string[] {
  const address = publicAddress ?? (isWildcard(listen.address) ? undefined : listen.address);
  const local = isWildcard(listen.address)
    ? ["127.0.0.1", ...(isIPv6(listen.address) ? ["::1"] : [])]
    : [];
  const names = [address, name ?? undefined, "localhost", ...local];
  return [...new Set(names.filter((one) => one !== undefined))];
}

/** What the certificates say; the first is shown to those who name nobody. None without TLS. */
function certificateNames(spec: GatewaySpec): readonly string[] {
  if (spec.tls === "off") return [];
  return spec.tls === "internal" ? ownNames(spec) : spec.name === null ? [] : [spec.name];
}

/** The words before the site's block. Beside its names it answers to any other: only then is all of it locked. */
export function siteAddresses(spec: GatewaySpec): string[] {
  const { port } = spec.listen;
  if (spec.tls === "off") return [`http://:${port}`];
  const named = certificateNames(spec).map(
    (name) => `https://${isIPv6(name) ? `[${name}]` : name}:${port}`,
  );
  return [`https://:${port}`, ...named];
}

/** The lines of the site. */
export function siteTls({ tls }: GatewaySpec): Block[] {
  return tls === "internal" ? [{ keys: ["tls", "internal"] }] : [];
}

/** The one challenge that comes in at the door's own port; no other port is opened for it. */
function issuer({ listen }: GatewaySpec): Block[] {
  return [
    {
      comment: "Whoever gives the certificate asks at port 443, which the router sends here.",
      keys: ["https_port", String(listen.port)],
    },
    { keys: ["cert_issuer", "acme"], children: [{ keys: ["disable_http_challenge"] }] },
  ];
}

/** The lines of the global options. */
export function globalTls(spec: GatewaySpec, caddyVersion: string): Block[] {
  const [first] = certificateNames(spec);
  if (first === undefined) return [{ keys: ["auto_https", "off"] }];
  return [
    {
      comment: "Nothing listens on port 80 to send people here.",
      keys: ["auto_https", "disable_redirects"],
    },
    { keys: ["default_sni", first] },
    ...(caddyKnows(caddyVersion, "fallbackName") ? [{ keys: ["fallback_sni", first] }] : []),
    ...(spec.tls === "internal" ? [{ keys: ["skip_install_trust"] }] : issuer(spec)),
  ];
}

/** The lines of the server's options: over UDP nothing is opened. */
export function serverTls({ tls }: GatewaySpec): Block[] {
  return tls === "off" ? [] : [{ keys: ["protocols", "h1", "h2"] }];
}
