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

/** For requests without a right key, by address; `@stranger` is declared above. */
export function limitOfStrangers(spec: GatewaySpec, modules: ReadonlySet<string>): Block[] {
  const { badKeysPerMinute } = spec.limits;
  if (badKeysPerMinute === 0 || !modules.has(RATE_LIMIT_MODULE)) return [];
  return [zone(["@stranger"], "strangers", ADDRESS[spec.tunnel], badKeysPerMinute)];
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
