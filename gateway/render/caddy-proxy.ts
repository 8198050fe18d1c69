/** What reaches an Ollama, and which of them. */
import type { Block } from "../block.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { withoutOllamasOwn } from "./caddy-cors.ts";

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
  "X-Forwarded-Host",
  "X-Forwarded-User",
  "X-Forwarded-Email",
  "X-Forwarded-Groups",
  "X-Forwarded-Preferred-Username",
  "X-Remote-*",
  "Remote-*",
  "Cf-*",
  "True-Client-Ip",
];

/**
 * Reads the body before an Ollama is chosen, which no option does: asking for its text does. Without it
 * an older Caddy (before 2.11.4) throws the body away when it cannot dial, and sends the next Ollama
 * half a request; and any takes a caller who leaves while sending for an Ollama that failed.
 * Of a POST alone: a GET that brings a body is refused before. In a route of its own, since the order in which a
 * matcher's lines are asked is not fixed.
 */
const READ_BODY_FIRST: readonly Block[] = [
  { keys: ["@posted", "method", "POST"] },
  {
    keys: ["route", "@posted"],
    children: [
      {
        comment:
          "Asking for the body makes Caddy read it first: it can then go to the next Ollama.",
        keys: ["@unread", "vars", { placeholder: "http.request.body" }, "latchkey"],
      },
      { keys: ["respond", "@unread", "400"] },
    ],
  },
];

/**
 * Time for two that do not even refuse a connection, then a third (see `dial_timeout`). The one that
 * answers the fewest now; one that could not be reached is left alone for a while. A
 * connection that could not be made is tried elsewhere, a request that was sent is not sent again.
 */
const BALANCE: readonly Block[] = [
  { keys: ["lb_policy", "least_conn"] },
  { keys: ["lb_try_duration", "5s"] },
  { keys: ["lb_try_interval", "50ms"] },
  {
    comment: "Only what could not be connected is tried again, not even a GET that was sent.",
    keys: ["lb_retry_match"],
    children: [{ keys: ["expression", "false"] }],
  },
  { keys: ["fail_duration", "10s"] },
  { keys: ["max_fails", "1"] },
];

/** No kept connections among several: one that has died unnoticed would take a request with it. */
function transport(isBalanced: boolean): Block {
  const dial = isBalanced
    ? [{ keys: ["dial_timeout", "2s"] }, { keys: ["keepalive", "off"] }]
    : [{ keys: ["dial_timeout", "5s"] }];
  return { keys: ["transport", "http"], children: [...dial, { keys: ["compression", "off"] }] };
}

/** No `flush_interval -1`: with it older Caddys do not pass on a client's abort. */
export function proxy(spec: GatewaySpec): Block[] {
  const { upstreams } = spec;
  const isBalanced = upstreams.length > 1;
  return [
    ...(isBalanced ? READ_BODY_FIRST : []),
    {
      keys: ["reverse_proxy", ...upstreams.map((upstream) => dialAddress(upstream))],
      children: [
        ...(isBalanced ? BALANCE : []),
        {
          comment: "The query stays here.",
          keys: ["rewrite", [{ placeholder: "http.request.uri.path" }, "?"]],
        },
        { keys: ["header_up", "Host", { placeholder: "upstream_hostport" }] },
        { keys: ["header_up", "X-Real-IP", { placeholder: "http.request.remote.host" }] },
        ...KEPT_FROM_OLLAMA.map((name) => ({ keys: ["header_up", `-${name}`] })),
        ...withoutOllamasOwn(spec),
        transport(isBalanced),
      ],
    },
  ];
}

function dialAddress(upstream: string): string {
  const url = new URL(upstream);
  return `${url.hostname}:${url.port === "" ? "80" : url.port}`;
}
