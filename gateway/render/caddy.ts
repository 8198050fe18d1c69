/**
 * Renders the door for Caddy, from Debian's 2.6.2 on.
 *
 * Everything lies in one run directory, which is Caddy's working directory, so that every path is
 * relative: a socket's absolute path may be too long for the system.
 */
import { DOOR_HEALTH_PATH, DOOR_KEY_HEADER, DOOR_PATHS, KEY_PATTERN } from "../../lib/contract.ts";
import { type Block, printCaddyfile, type Word } from "../block.ts";
import type { GatewaySpec } from "../spec.ts";
import { logBlocks } from "./caddy-logs.ts";
import { caddyKnows } from "./caddy-version.ts";

/** The files of a door in its run directory. */
export const CADDY_FILES = {
  config: "Caddyfile",
  keys: "keys.caddy",
  accessLog: "access.log",
  doorLog: "door.log",
  adminSocket: "admin.sock",
} as const;

/** Who holds the key: this is the placeholder that Caddy's access log prints as `user_id`. */
const CALLER: Word = { placeholder: "http.auth.user.id" };
const ALLOWED: Word = { placeholder: "latchkey.allowed" };

/** No sub-delimiters, escapes or dots at the start: such a segment means the same to every reader. */
const SEGMENT = "/[A-Za-z0-9_](?:[A-Za-z0-9._:@-]|%3[Aa]|%40)*";

/** Requests that announce 32,000,000 bytes or more. */
const ANNOUNCED_TOO_LARGE = "^(?:(?:3[2-9]|[4-9][0-9])[0-9]{6}|[0-9]{9,})$";

/**
 * Never passed on to Ollama. A header with an underscore is another spelling of one with hyphens to
 * many servers, so none of those passes.
 */
const KEPT_FROM_OLLAMA = [
  "*_*",
  "*key*",
  "*token*",
  "*secret*",
  "*auth*",
  "*cookie*",
  "*pass*",
  "*bearer*",
  "*credential*",
  "*session*",
  "Origin",
  "Referer",
  "Forwarded",
  "Via",
  "X-Forwarded-User",
  "X-Forwarded-Email",
  "X-Forwarded-Groups",
  "X-Forwarded-Preferred-Username",
  "X-Remote-*",
  "Remote-*",
  "Cf-*",
  "True-Client-Ip",
];

/** A `map` line for one method: the address as it was sent, so that no spelling of a path slips by. */
function allowedLine(method: keyof typeof DOOR_PATHS): Block {
  const paths = DOOR_PATHS[method].map((path) =>
    path.endsWith("/*") ? `${path.slice(0, -2)}(?:${SEGMENT})+` : path,
  );
  return { keys: [{ pattern: `~^${method} (?:${paths.join("|")})(?:[?]|$)` }, "yes"] };
}

function globalOptions(spec: GatewaySpec, version: string, platform: NodeJS.Platform): Block {
  const idle: Block[] = caddyKnows(version, "idleTimeouts")
    ? [{ keys: ["read_body_idle", "30m"] }, { keys: ["write_idle", "30m"] }]
    : [];
  return {
    comment: "Written by Latchkey from latchkey.json: changes made here are lost.",
    keys: [],
    children: [
      { keys: ["admin", platform === "win32" ? "off" : `unix/${CADDY_FILES.adminSocket}`] },
      ...(caddyKnows(version, "persistConfig") ? [{ keys: ["persist_config", "off"] }] : []),
      { keys: ["auto_https", "off"] },
      {
        keys: ["servers"],
        children: [{ keys: ["timeouts"], children: [{ keys: ["read_header", "10s"] }, ...idle] }],
      },
      { keys: ["log", "default"], children: logBlocks(CADDY_FILES.doorLog, spec) },
    ],
  };
}

/** Answers strangers and forbidden paths; what passes these lines may reach Ollama. */
function lock(spec: GatewaySpec): Block[] {
  return [
    { keys: ["header"], children: [{ keys: ["-Server"] }, { keys: ["-Via"] }] },
    {
      comment: "The key names its caller; none, an empty, a wrong and a doubled one name nobody.",
      keys: ["map", { placeholder: `http.request.header.${DOOR_KEY_HEADER}` }, CALLER],
      children: [{ keys: ["import", CADDY_FILES.keys] }, { keys: ["default", ""] }],
    },
    {
      keys: [
        "map",
        [{ placeholder: "http.request.method" }, " ", { placeholder: "http.request.uri" }],
        ALLOWED,
      ],
      children: [
        { keys: [{ pattern: `~^GET ${DOOR_HEALTH_PATH}(?:[?]|$)` }, "health"] },
        allowedLine("GET"),
        allowedLine("POST"),
        { keys: ["default", "no"] },
      ],
    },
    { keys: ["@health", "vars", ALLOWED, "health"] },
    { keys: ["respond", "@health", "OK", "200"] },
    { keys: ["@stranger", "not", "vars", CALLER, ...spec.callers.map(({ name }) => name)] },
    { keys: ["respond", "@stranger", "401"] },
    { keys: ["@forbidden", "not", "vars", ALLOWED, "yes"] },
    { keys: ["respond", "@forbidden", "404"] },
    {
      comment: "No list of paths applies to a connection that has become something else.",
      keys: ["@upgrade", "header", "Upgrade", "*"],
    },
    { keys: ["respond", "@upgrade", "404"] },
    { keys: ["@oversized", "header_regexp", "Content-Length", { pattern: ANNOUNCED_TOO_LARGE }] },
    { keys: ["respond", "@oversized", "413"] },
    { keys: ["request_body"], children: [{ keys: ["max_size", "32MB"] }] },
  ];
}

/** No `flush_interval -1`: with it older Caddys do not pass on a client's abort. */
function proxy({ upstreams }: GatewaySpec): Block {
  return {
    keys: ["reverse_proxy", ...upstreams.map((upstream) => dialAddress(upstream))],
    children: [
      ...(upstreams.length > 1 ? [{ keys: ["lb_policy", "least_conn"] }] : []),
      {
        comment: "The query stays here.",
        keys: ["rewrite", [{ placeholder: "http.request.uri.path" }, "?"]],
      },
      { keys: ["header_up", "Host", { placeholder: "upstream_hostport" }] },
      { keys: ["header_up", "X-Real-IP", { placeholder: "http.request.remote.host" }] },
      ...KEPT_FROM_OLLAMA.map((name) => ({ keys: ["header_up", `-${name}`] })),
      { keys: ["header_down", "-Access-Control-*"] },
      {
        keys: ["transport", "http"],
        children: [{ keys: ["dial_timeout", "5s"] }, { keys: ["compression", "off"] }],
      },
    ],
  };
}

function dialAddress(upstream: string): string {
  const url = new URL(upstream);
  return `${url.hostname}:${url.port === "" ? "80" : url.port}`;
}

/**
 * The Caddyfile of the door. It imports `keys.caddy` from the same directory.
 *
 * @param caddyVersion as `caddy version` prints it; options differ by it.
 * @throws Error for a value that cannot be written safely.
 */
export function renderCaddy(
  spec: GatewaySpec,
  {
    caddyVersion,
    platform = process.platform,
  }: { caddyVersion: string; platform?: NodeJS.Platform },
): { caddyfile: string } {
  const site: Block = {
    comment: "Any Host is answered alike; only the address that is bound decides who can knock.",
    keys: [`http://:${spec.listen.port}`],
    children: [
      { keys: ["bind", spec.listen.address] },
      { keys: ["log"], children: logBlocks(CADDY_FILES.accessLog, spec) },
      { keys: ["route"], children: [...lock(spec), proxy(spec)] },
    ],
  };
  return { caddyfile: printCaddyfile([globalOptions(spec, caddyVersion, platform), site]) };
}

/**
 * The lines of `keys.caddy`: a key and the caller it names. Secret: write it with mode 0600.
 *
 * @throws Error for a malformed or doubled key; its text is not in the message.
 */
export function renderCaddyKeys(
  callers: readonly { readonly name: string; readonly key: string }[],
): string {
  const malformed = callers.find(({ key }) => !KEY_PATTERN.test(key));
  if (malformed !== undefined) {
    throw new Error(
      `The key of ${malformed.name} must be 32 to 128 letters, digits, "-" or "_": make a new one.`,
    );
  }
  const doubled = callers.find(
    ({ key }, index) => callers.findIndex((other) => other.key === key) !== index,
  );
  if (doubled !== undefined)
    throw new Error(`The key of ${doubled.name} belongs to another caller too: make a new one.`);
  return printCaddyfile(callers.map(({ name, key }) => ({ keys: [key, name] })));
}
