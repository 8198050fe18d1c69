/** What a person is told once the door is proved. */
import { isIPv6 } from "node:net";
import type { GatewaySpec } from "../spec/spec.ts";
import { reachOf } from "./answers.ts";

/** The values of the app's variables at Vercel; undefined: not shown, or not known yet. */
export interface Variables {
  readonly OLLAMA_BASE_URL: string | undefined;
  readonly OLLAMA_API_KEY: string | undefined;
  /** The door's own root in base64, where the app is to trust that one alone. */
  readonly OLLAMA_CA: string | undefined;
  readonly ACCESS_KEYS: string | undefined;
  readonly SESSION_SECRET: string | undefined;
}

const HTTPS = 443;

/** Where the app finds the door from outside; undefined where nobody does, or only the tunnel knows. */
export function publicUrl(spec: GatewaySpec): string | undefined {
  const reach = reachOf(spec);
  if (reach.kind === "address") {
    const host = isIPv6(reach.address) ? `[${reach.address}]` : reach.address;
    return `https://${host}:${spec.listen.port}`;
  }
  const name = reach.kind === "here" ? undefined : reach.name;
  return name === undefined ? undefined : `https://${name}`;
}

/** Where this computer itself finds the door. */
export function localUrl({ listen, tls }: GatewaySpec): string {
  const isEverywhere = listen.address === "0.0.0.0" || listen.address === "::";
  const host = isEverywhere ? "127.0.0.1" : listen.address;
  const written = isIPv6(host) ? `[${host}]` : host;
  return `${tls === "off" ? "http" : "https"}://${written}:${listen.port}`;
}

const UNKNOWN_LAN = "THIS-COMPUTER";

/** The line for the router, and what to do where the address changes. */
function routerText(spec: GatewaySpec, lan: string | undefined): readonly string[] {
  const reach = reachOf(spec);
  const external = reach.kind === "name" ? HTTPS : spec.listen.port;
  const changes =
    reach.kind === "name"
      ? `Most homes get a new address now and then. Let dynamic DNS keep ${spec.name ?? "the name"} right (many routers can), or use a tunnel.`
      : "Most homes get a new address now and then, and this door's certificate is for this one: with a changing one take a name and dynamic DNS, or a tunnel.";
  return [
    "On your router, forward this port, and give this computer a fixed address there:",
    `  TCP ${external} -> ${lan ?? UNKNOWN_LAN}:${spec.listen.port}`,
    ...(lan === undefined
      ? [`  (${UNKNOWN_LAN} is this computer's address in your network.)`]
      : []),
    changes,
    "Where the router's own address begins with 10., 172.16. to 172.31., 192.168. or 100.64. to 100.127., your provider shares one among many (CGNAT) and nothing gets through: use a tunnel.",
  ];
}

function tunnelText(spec: GatewaySpec): readonly string[] {
  const { tunnel, name, listen } = spec;
  if (tunnel === "tailscale") {
    return [
      "Start the tunnel; it goes on after a restart and prints its address:",
      `  tailscale funnel --bg ${listen.port}`,
    ];
  }
  const target = `http://127.0.0.1:${listen.port}`;
  if (name === null) {
    return [
      "Start the tunnel; it prints its address, which is another one each time:",
      `  cloudflared tunnel --url ${target}`,
      "For one that stays you need a name: run init again with --tunnel cloudflared --name NAME.",
    ];
  }
  return [
    "Make the tunnel once, then let it run:",
    "  cloudflared tunnel login",
    "  cloudflared tunnel create latchkey",
    `  cloudflared tunnel route dns latchkey ${name}`,
    `  cloudflared tunnel run --url ${target} latchkey`,
  ];
}

/** How the app gets here. */
export function wayText(spec: GatewaySpec, lan: string | undefined): readonly string[] {
  const { kind } = reachOf(spec);
  if (kind === "tunnel") return tunnelText(spec);
  if (kind !== "here") return routerText(spec, lan);
  return [
    "Only this computer reaches this door; an app at Vercel does not. To let it:",
    "  npm run latchkey -- init --tunnel cloudflared",
    "  npm run latchkey -- init --name ollama.example.com",
  ];
}

const NAMES = [
  "OLLAMA_BASE_URL",
  "OLLAMA_API_KEY",
  "OLLAMA_CA",
  "ACCESS_KEYS",
  "SESSION_SECRET",
] as const;

/** In place of a value. */
function placeOf(name: (typeof NAMES)[number], spec: GatewaySpec): string | undefined {
  if (name === "OLLAMA_CA") return undefined;
  if (name === "OLLAMA_BASE_URL") {
    return spec.tunnel === "none" ? undefined : "(the https:// address that the tunnel prints)";
  }
  return name === "OLLAMA_API_KEY"
    ? "(as before: it lies in .latchkey/door-key)"
    : "(as before: it lies in .latchkey/session-secret)";
}

/** In the app's own folder: this one may be another, and holds the keys. */
const deployText = (names: readonly string[]): readonly string[] => [
  "In the clone of the app, give each at Vercel what stands after its =, then deploy:",
  ...names.map((name) => `  npx vercel@60.1.3 env add ${name} production --force`),
  "  npx vercel@60.1.3 deploy --prod",
];

/** The variables of the app, and how they are set at Vercel where the door is reached from there. */
export function variablesText(spec: GatewaySpec, variables: Variables): readonly string[] {
  const shown = NAMES.flatMap((name): (readonly [string, string])[] => {
    const value = variables[name] ?? placeOf(name, spec);
    return value === undefined ? [] : [[name, value]];
  });
  const isSecret = variables.OLLAMA_API_KEY !== undefined;
  return [
    isSecret
      ? "The app's variables (OLLAMA_API_KEY and SESSION_SECRET are secret, and shown this once):"
      : "The app's variables:",
    "",
    ...shown.map(([name, value]) => `  ${name}=${value}`),
    "",
    ...(reachOf(spec).kind === "here" ? [] : deployText(shown.map(([name]) => name))),
  ];
}
