/** How often one may ask. Caddy itself cannot count: a plugin does, where it is built in. */
import type { Block, Word } from "../block.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { CALLER } from "./caddy-lock.ts";

/** The plugin's name among Caddy's modules. */
const RATE_LIMIT_MODULE = "http.handlers.rate_limit";
const PLUGIN = "github.com/mholt/caddy-ratelimit";

/** Behind a tunnel every connection comes from this computer: the tunnel's own header tells from where. */
const ADDRESS: Readonly<Record<GatewaySpec["tunnel"], Word>> = {
  none: { placeholder: "http.request.remote.host" },
  cloudflared: { placeholder: "http.request.header.Cf-Connecting-Ip" },
  tailscale: { placeholder: "http.request.header.X-Forwarded-For" },
};

const NETWORK: Word = { placeholder: "latchkey.network" };

/**
 * The first half of an IPv6 address, and nothing of others: a home or a rented server has 2^64 of them, so that each
 * alone would be a stranger of its own. Servers print zeros short (RFC 5952), never in the middle of what is kept.
 */
export const IPV6_NETWORK = "~^((?:[0-9A-Fa-f]{1,4}:){1,4})";

/** Names the stranger's network; an IPv4 address is one by itself. */
const networkOf = (address: Word): Block => ({
  comment: "Who has one IPv6 address has a whole network of them: its first half counts.",
  keys: ["map", address, NETWORK],
  children: [{ keys: [{ pattern: IPV6_NETWORK }, "$1"] }, { keys: ["default", address] }],
});

function zone(matcher: readonly string[], name: string, key: Word, events: number): Block {
  return {
    keys: ["rate_limit", ...matcher],
    children: [
      {
        keys: ["zone", name],
        children: [
          { keys: ["key", key] },
          { keys: ["window", "1m"] },
          { keys: ["events", String(events)] },
        ],
      },
    ],
  };
}

/** For requests without a right key, by network; `@stranger` is declared above. */
export function limitOfStrangers(spec: GatewaySpec, modules: ReadonlySet<string>): Block[] {
  const { badKeysPerMinute } = spec.limits;
  if (badKeysPerMinute === 0 || !modules.has(RATE_LIMIT_MODULE)) return [];
  return [
    networkOf(ADDRESS[spec.tunnel]),
    zone(["@stranger"], "strangers", NETWORK, badKeysPerMinute),
  ];
}

/** For callers, each by name: whatever key it holds, whatever address it comes from. */
export function limitOfCallers({ limits }: GatewaySpec, modules: ReadonlySet<string>): Block[] {
  if (limits.requestsPerMinute === 0 || !modules.has(RATE_LIMIT_MODULE)) return [];
  return [zone([], "callers", CALLER, limits.requestsPerMinute)];
}

/**
 * What to tell the person where limits are asked for that this Caddy cannot hold; else undefined.
 *
 * @param modules as `readModules` gives them.
 */
export function limitsNote(
  { server, limits }: GatewaySpec,
  modules: ReadonlySet<string>,
): string | undefined {
  const asked = limits.requestsPerMinute > 0 || limits.badKeysPerMinute > 0;
  if (server !== "caddy" || !asked || modules.has(RATE_LIMIT_MODULE)) return undefined;
  return `This Caddy cannot count requests, so the app's own limit is the only one: for the door's, take a Caddy with the plugin ${PLUGIN} (from https://caddyserver.com/download, or xcaddy build --with ${PLUGIN}) and name it in CADDY_BIN.`;
}
