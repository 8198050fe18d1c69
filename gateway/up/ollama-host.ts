import { isIP } from "node:net";
import { DEFAULT_PORTS } from "../../lib/contract.ts";

/** Addresses that mean "every address of this machine" to a server; a client goes to loopback. */
const EVERYWHERE = new Set(["", "0.0.0.0", "[::]"]);

const SCHEME_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Splits off a port the way Go's net.SplitHostPort does: a bare IPv6 address has none. */
function splitPort(text: string): { readonly host: string; readonly port: string | undefined } {
  const [, host, port] = /^(\[[^\]]*\]|[^:]*):([^:]*)$/.exec(text) ?? [];
  if (host !== undefined && port !== undefined) return { host, port };
  const bare = text.replace(/^\[|\]$/g, "");
  return { host: isIP(bare) === 6 ? `[${bare}]` : text, port: undefined };
}

/**
 * Where Ollama listens, from what OLLAMA_HOST holds, read as Ollama itself reads it (its
 * envconfig/config.go): host, host:port or scheme://host:port, quotes and spaces around it left
 * out; a port that is none gives the default one.
 *
 * @param text the variable's value; undefined or empty: the default
 * @returns undefined when it is no address
 */
export function parseOllamaHost(text: string | undefined): URL | undefined {
  const value = (text ?? "")
    .trim()
    .replace(/^["']+|["']+$/g, "")
    .trim();
  const [, scheme, rest] = /^([a-z]+):\/\/(.*)$/i.exec(value) ?? [undefined, undefined, value];
  const usual = scheme === undefined ? DEFAULT_PORTS.ollama : SCHEME_PORTS[scheme.toLowerCase()];
  if (usual === undefined) return undefined;
  const { host, port } = splitPort((rest ?? "").replace(/\/.*$/, ""));
  const isPort = port !== undefined && /^\d+$/.test(port) && Number(port) <= 65_535;
  const address = EVERYWHERE.has(host) ? "127.0.0.1" : host;
  const whole = `${scheme ?? "http"}://${address}:${isPort ? port : usual}`;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}
