/**
 * Where each verdict leads. An address that begins with two slashes is one that nobody can ask for,
 * since nginx merges the slashes of what it is asked.
 */
import { DOOR_KEY_HEADER } from "../../lib/contract.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import type { Block } from "./nginx-block.ts";
import { OURS, variable } from "./nginx-maps.ts";
import { proxyLines } from "./nginx-proxy.ts";

const EMPTY = "//empty";
const STRANGERS_ZONE = "latchkey_strangers";
const CALLERS_ZONE = "latchkey_callers";

/** Each would have a page of nginx's own else. */
const REFUSALS = "400 403 404 405 408 411 413 414 416 429 494 500 501 502 503 504 505".split(" ");

const ALLOWED_HEADERS = `Content-Type, ${DOOR_KEY_HEADER}`;
/** Ten minutes: a page that is taken off the list is out by then. */
const MAX_AGE_SECONDS = "600";

/** Shared by all workers; a megabyte knows some eight thousand addresses and forgets the oldest first. */
export function limitZones({ limits }: GatewaySpec): Block[] {
  const zone = (key: string, name: string, perMinute: number): Block[] =>
    perMinute === 0
      ? []
      : [
          {
            keys: ["limit_req_zone", variable(key), `zone=${name}:1m`, `rate=${perMinute}r/m`],
          },
        ];
  return [
    ...zone(OURS.network, STRANGERS_ZONE, limits.badKeysPerMinute),
    ...zone(OURS.caller, CALLERS_ZONE, limits.requestsPerMinute),
  ];
}

/** A minute's worth at once, then evenly. */
function limit(name: string, perMinute: number): Block[] {
  if (perMinute === 0) return [];
  const burst = perMinute === 1 ? [] : [`burst=${perMinute - 1}`, "nodelay"];
  return [{ keys: ["limit_req", `zone=${name}`, ...burst] }, { keys: ["limit_req_status", "429"] }];
}

const add = (name: string, value: string): Block => ({
  keys: ["add_header", name, variable(value), "always"],
});

/** On every answer, refusals too; nginx leaves out a header whose value is empty. */
function originHeaders({ cors }: GatewaySpec): Block[] {
  if (cors.origins.length === 0) return [];
  return [add("Access-Control-Allow-Origin", OURS.origin), add("Vary", OURS.vary)];
}

function retryHeader({ limits }: GatewaySpec): Block[] {
  const isLimited = limits.badKeysPerMinute > 0 || limits.requestsPerMinute > 0;
  return isLimited ? [add("Retry-After", OURS.retryAfter)] : [];
}

function verdictPlace(verdict: string, children: readonly Block[], comment?: string): Block {
  const keys = ["location", "=", `//${verdict}`];
  const block = { keys, children: [{ keys: ["internal"] }, ...children] };
  return comment === undefined ? block : { comment, ...block };
}

function preflightPlace(spec: GatewaySpec): Block[] {
  if (spec.cors.origins.length === 0) return [];
  const methods = variable(OURS.wanted);
  return [
    verdictPlace("preflight", [
      ...originHeaders(spec),
      { keys: ["add_header", "Access-Control-Allow-Methods", methods] },
      { keys: ["add_header", "Access-Control-Allow-Headers", ALLOWED_HEADERS] },
      { keys: ["add_header", "Access-Control-Max-Age", MAX_AGE_SECONDS] },
      { keys: ["return", "204"] },
    ]),
  ];
}

function places(spec: GatewaySpec): Block[] {
  const { badKeysPerMinute, requestsPerMinute } = spec.limits;
  return [
    {
      keys: ["location", "/"],
      children: [{ keys: ["rewrite", { pattern: "^" }, ["//", variable(OURS.verdict)], "last"] }],
    },
    verdictPlace("health", [
      { keys: ["default_type", "text/plain"] },
      { keys: ["return", "200", "OK"] },
    ]),
    ...preflightPlace(spec),
    verdictPlace(
      "stranger",
      [
        ...limit(STRANGERS_ZONE, badKeysPerMinute),
        { keys: ["deny", "all"] },
        { keys: ["error_page", "403", "=401", EMPTY] },
        { keys: ["error_page", "429", EMPTY] },
      ],
      "Counted first, which a return would not be.",
    ),
    verdictPlace("forbidden", [{ keys: ["return", "404", [variable(OURS.nothing)]] }]),
    verdictPlace("pass", [...limit(CALLERS_ZONE, requestsPerMinute), ...proxyLines(spec)]),
    verdictPlace("empty", [{ keys: ["return", "200", [variable(OURS.nothing)]] }]),
  ];
}

function listenAddress({ listen }: GatewaySpec): string {
  const host = listen.address.includes(":") ? `[${listen.address}]` : listen.address;
  return `${host}:${listen.port}`;
}

/** The one server: any Host is answered alike, only the address that is bound decides who can knock. */
export function serverBlock(spec: GatewaySpec): Block {
  const both = spec.listen.address === "::" ? ["ipv6only=off"] : [];
  return {
    comment: "Any Host is answered alike; only the address that is bound decides who can knock.",
    keys: ["server"],
    children: [
      { keys: ["listen", listenAddress(spec), ...both] },
      { keys: ["merge_slashes", "on"] },
      { keys: ["client_header_timeout", "10s"] },
      {
        comment: "Whoever may not pass is refused as such, however much they announce.",
        keys: ["client_max_body_size", "0"],
      },
      { keys: ["lingering_timeout", "2s"] },
      { keys: ["default_type", ""] },
      { keys: ["error_page", ...REFUSALS, EMPTY] },
      ...originHeaders(spec),
      ...retryHeader(spec),
      ...places(spec),
    ],
  };
}
