/** From what a person answered to the description of the door. */
import { hostOf, isLoopback } from "../spec/addresses.ts";
import { type GatewaySpec, parseSpec } from "../spec/spec.ts";

export type Tunnel = "cloudflared" | "tailscale";

/** How the app gets to the door. */
export type Reach =
  /** Not from elsewhere: only this computer. */
  | { readonly kind: "here" }
  /** By a public name, through the router, with a certificate for the name. */
  | { readonly kind: "name"; readonly name: string }
  /** By the router's own address, with a certificate of the door's own root. */
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "tunnel"; readonly tunnel: Tunnel; readonly name: string | undefined };

/** What was given or asked; what is undefined stays as it is, or is the default. */
export interface Answers {
  readonly reach: Reach | undefined;
  readonly origins: readonly string[] | undefined;
  readonly server: "caddy" | "nginx" | undefined;
  readonly port: number | undefined;
}

const HERE = "127.0.0.1";
const EVERYWHERE = "0.0.0.0";

type Way = Pick<GatewaySpec, "name" | "tls" | "tunnel" | "publicAddress"> & {
  readonly address: string;
};

function wayOf(reach: Reach): Way {
  const base = { name: null, publicAddress: null, tunnel: "none", tls: "off" } as const;
  if (reach.kind === "here") return { ...base, address: HERE };
  if (reach.kind === "tunnel") {
    return { ...base, address: HERE, tunnel: reach.tunnel, name: reach.name ?? null };
  }
  const beyond = { ...base, address: EVERYWHERE };
  return reach.kind === "name"
    ? { ...beyond, name: reach.name, tls: "automatic" }
    : { ...beyond, publicAddress: reach.address, tls: "internal" };
}

/** How a description that is there already is reached. */
export function reachOf(spec: GatewaySpec): Reach {
  const { name, tunnel, publicAddress, tls } = spec;
  if (tunnel !== "none") return { kind: "tunnel", tunnel, name: name ?? undefined };
  if (tls === "automatic" && name !== null) return { kind: "name", name };
  if (publicAddress !== null) return { kind: "address", address: publicAddress };
  return { kind: "here" };
}

/**
 * The description of the door.
 *
 * @param before the one that is there already: what nobody answered stays as it is
 * @param engineUrl where the Ollama is that answers; undefined: the one of `before` is kept
 * @throws Error that names each mistake, such as nginx with a certificate of its own
 */
export function describeDoor(
  { reach, origins, server, port }: Answers,
  before: GatewaySpec | undefined,
  engineUrl: string | undefined,
): GatewaySpec {
  const base = before ?? parseSpec({});
  const { address, ...way } = reach === undefined ? { address: base.listen.address } : wayOf(reach);
  const upstreams = engineUrl === undefined ? base.upstreams : [engineUrl];
  const elsewhere = upstreams.map(hostOf).filter((host) => !isLoopback(host));
  return parseSpec({
    ...base,
    ...way,
    listen: { address, port: port ?? base.listen.port },
    // Plain HTTP beyond this computer is nothing that this command asks for.
    insecure: reach === undefined && base.insecure,
    server: server ?? base.server,
    upstreams,
    lanHosts: [...new Set([...base.lanHosts, ...elsewhere])],
    cors: { origins: origins ?? base.cors.origins },
  });
}

/** Every value of a description by its place, such as `listen.port`; a list is one value. */
function flatten(value: object, prefix = ""): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([name, field]): (readonly [string, string])[] => {
    const path = `${prefix}${name}`;
    const isGroup = typeof field === "object" && field !== null && !Array.isArray(field);
    return isGroup ? [...flatten(field, `${path}.`)] : [[path, JSON.stringify(field)]];
  });
}

/** What differs, as `listen.port: 11435 -> 12000`; nothing where there was none before. */
export function changesBetween(
  before: GatewaySpec | undefined,
  after: GatewaySpec,
): readonly string[] {
  if (before === undefined) return [];
  const old = new Map(flatten(before));
  return flatten(after).flatMap(([path, text]) => {
    const was = old.get(path);
    return was === text ? [] : [`${path}: ${was ?? "none"} -> ${text}`];
  });
}
