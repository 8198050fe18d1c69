/**
 * What nginx decides of a request before it does anything: who asks, for what, and which of the
 * five verdicts that comes to. nginx compares plain words in a `map` without regard to case, so
 * every comparison is a pattern, which regards it.
 */
import { DOOR_HEALTH_PATH, DOOR_KEY_HEADER, KEY_PATTERN } from "../../lib/contract.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { IPV6_NETWORK } from "./caddy-limits.ts";
import { allowedPaths } from "./caddy-lock.ts";
import type { Block, Word } from "./nginx-block.ts";

/** Names of our variables. */
export const OURS = {
  caller: "latchkey_caller",
  allowed: "latchkey_allowed",
  known: "latchkey_known",
  address: "latchkey_address",
  network: "latchkey_network",
  wanted: "latchkey_wanted",
  wantedAllowed: "latchkey_wanted_allowed",
  origin: "latchkey_origin",
  vary: "latchkey_vary",
  preflight: "latchkey_preflight",
  verdict: "latchkey_verdict",
  target: "latchkey_target",
  retryAfter: "latchkey_retry_after",
  nothing: "latchkey_nothing",
  logMethod: "latchkey_log_method",
  logPath: "latchkey_log_path",
  logStatus: "latchkey_log_status",
} as const;

export const variable = (name: string): { variable: string } => ({ variable: name });

/** The text itself and nothing else, as a pattern. */
function exactly(text: string): Word {
  return { pattern: `~^${text.replaceAll(/[.*+?()|[\]^]/g, (character) => `[${character}]`)}$` };
}

function map(source: Word, name: string, children: readonly Block[], comment?: string): Block {
  const keys = ["map", source, variable(name)];
  return comment === undefined ? { keys, children } : { comment, keys, children };
}

const otherwise = (word: Word): Block => ({ keys: ["default", word] });

/** A line for each method: the address as it was sent, so that no spelling of a path slips by. */
function allowedLines(spec: GatewaySpec): Block[] {
  return allowedPaths(spec).map(({ method, pattern }) => ({
    keys: [{ pattern: `~^${method} ${pattern}` }, "yes"],
  }));
}

function whoAndWhat(spec: GatewaySpec, keysFile: string): Block[] {
  const key = variable(`http_${DOOR_KEY_HEADER.toLowerCase().replaceAll("-", "_")}`);
  return [
    map(
      key,
      OURS.caller,
      [otherwise(""), { keys: ["include", keysFile] }],
      "The key names its caller; none, an empty and a wrong one name nobody.",
    ),
    map([variable(OURS.caller), ":", key], OURS.known, [
      otherwise(""),
      // The key's shape too, so that not even an emptied line in the keys' file lets in who shows none.
      ...spec.callers.map(({ name }) => ({
        keys: [{ pattern: `~^${name}:${KEY_PATTERN.source.slice(1)}` }, "yes"],
      })),
    ]),
    map([variable("request_method"), " ", variable("request_uri")], OURS.allowed, [
      otherwise("no"),
      { keys: [{ pattern: `~^GET ${DOOR_HEALTH_PATH}(?:[?]|$)` }, "health"] },
      ...allowedLines(spec),
    ]),
  ];
}

/** What an address may look like that somebody else tells; a key in its place is none. */
const TOLD_ADDRESS =
  "~^(?:(?:[0-9]{1,3}[.]){3}[0-9]{1,3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})$";

/** Behind a tunnel every connection comes from this computer: the tunnel's own header tells from where. */
function addressOf({ tunnel }: GatewaySpec): Block {
  const told = {
    none: "remote_addr",
    cloudflared: "http_cf_connecting_ip",
    tailscale: "http_x_forwarded_for",
  };
  const source = variable(told[tunnel]);
  return map(source, OURS.address, [
    otherwise(variable("remote_addr")),
    ...(tunnel === "none" ? [] : [{ keys: [{ pattern: TOLD_ADDRESS }, source] }]),
  ]);
}

function networkOf(): Block {
  const address = variable(OURS.address);
  return map(
    address,
    OURS.network,
    [otherwise(address), { keys: [{ pattern: IPV6_NETWORK }, variable("1")] }],
    "Who has one IPv6 address has a whole network of them: its first half counts.",
  );
}

/** Which page asks, and whether its browser asks for leave first: empty where it is none of the list. */
function pages(spec: GatewaySpec): Block[] {
  if (spec.cors.origins.length === 0) return [];
  return [
    map(variable("http_origin"), OURS.vary, [
      otherwise(""),
      ...spec.cors.origins.map((origin) => ({ keys: [exactly(origin), "Origin"] })),
    ]),
    map(variable("http_origin"), OURS.origin, [
      otherwise(""),
      ...spec.cors.origins.map((origin) => ({ keys: [exactly(origin), origin] })),
    ]),
    map(variable("http_access_control_request_method"), OURS.wanted, [
      otherwise(""),
      ...["GET", "POST"].map((method) => ({ keys: [exactly(method), method] })),
    ]),
    map([variable(OURS.wanted), " ", variable("request_uri")], OURS.wantedAllowed, [
      otherwise("no"),
      ...allowedLines(spec),
    ]),
    map(
      [variable("request_method"), ":", variable(OURS.wantedAllowed), ":", variable(OURS.origin)],
      OURS.preflight,
      [otherwise(""), { keys: [{ pattern: "~^OPTIONS:yes:." }, "yes"] }],
    ),
  ];
}

function verdict(spec: GatewaySpec): Block {
  const preflight = spec.cors.origins.length === 0 ? "" : variable(OURS.preflight);
  return map(
    [
      variable(OURS.allowed),
      ":",
      preflight,
      ":",
      variable(OURS.known),
      ":",
      variable("http_upgrade"),
    ],
    OURS.verdict,
    [
      otherwise("stranger"),
      { keys: [{ pattern: "~^health:" }, "health"] },
      { keys: [{ pattern: "~^no:yes:" }, "preflight"] },
      { keys: [{ pattern: "~^yes::yes:$" }, "pass"] },
      {
        comment: "What becomes another protocol too: no list of paths would apply to it.",
        keys: [{ pattern: "~^(?:yes|no)::yes:" }, "forbidden"],
      },
    ],
    "Nobody passes by default.",
  );
}

/** Seconds until the next request is let through again, where a limit of ours refused one. */
function retryAfter({ limits }: GatewaySpec): Block[] {
  const line = (name: string, perMinute: number): Block[] =>
    perMinute === 0
      ? []
      : [
          {
            keys: [{ pattern: `~^REJECTED:${name}$` }, String(Math.ceil(60 / perMinute))],
          },
        ];
  const lines = [
    ...line("stranger", limits.badKeysPerMinute),
    ...line("pass", limits.requestsPerMinute),
  ];
  if (lines.length === 0) return [];
  const source = [variable("limit_req_status"), ":", variable(OURS.verdict)];
  return [map(source, OURS.retryAfter, [otherwise(""), ...lines])];
}

/**
 * What may be a key by mistake, being as long as one and made of its characters, ends what the log
 * tells of an address; so does anything that does not print. Of a query only the mark stays.
 */
function logged(): Block[] {
  const dots: Word = [variable("1"), "..."];
  return [
    map(variable("request"), OURS.logMethod, [
      otherwise("..."),
      { keys: [{ pattern: "~^([A-Z]{1,20}) " }, variable("1")] },
    ]),
    map(variable("request_uri"), OURS.logPath, [
      otherwise("..."),
      { keys: [{ pattern: "~^([!->@-~]*?)(?:[A-Za-z0-9_%-]{32}|[^ -~])" }, dots] },
      { keys: [{ pattern: "~^([^?]*)[?]" }, [variable("1"), "?..."]] },
      { keys: [{ pattern: "~^[^?]*$" }, variable("request_uri")] },
    ]),
    map(variable("status"), OURS.logStatus, [
      otherwise("0"),
      { keys: [{ pattern: "~^[1-9]" }, variable("status")] },
    ]),
  ];
}

/**
 * All `map` blocks, before which nothing is decided.
 *
 * @param keysFile the name of the file that names a caller for each key
 */
export function mapBlocks(spec: GatewaySpec, keysFile: string): Block[] {
  return [
    ...whoAndWhat(spec, keysFile),
    addressOf(spec),
    networkOf(),
    ...pages(spec),
    verdict(spec),
    map(
      variable("request_uri"),
      OURS.target,
      [otherwise("/"), { keys: [{ pattern: "~^([^?]+)" }, variable("1")] }],
      "The query stays here.",
    ),
    ...retryAfter(spec),
    map("any", OURS.nothing, [otherwise("")], "The body of every refusal."),
    ...logged(),
  ];
}
