/** What reaches an Ollama, and which of them. */
import type { GatewaySpec } from "../spec/spec.ts";
import type { Block, Word } from "./nginx-block.ts";
import { OURS, variable } from "./nginx-maps.ts";

const GROUP = "latchkey_ollama";

/** Longer than any model thinks: by default nginx cuts a silence at 60 seconds. */
const LONGEST_SILENCE = "1h";

/** All that Ollama reads; any other header stays here, so that no spelling of a key slips by. */
const PASSED_ON = ["Content-Type", "Accept", "Anthropic-Version", "Anthropic-Beta"];

/** nginx knows no wildcard here. */
const KEPT_FROM_CALLERS = [
  "Allow-Origin",
  "Allow-Credentials",
  "Allow-Headers",
  "Allow-Methods",
  "Allow-Private-Network",
  "Expose-Headers",
  "Max-Age",
].map((name) => `Access-Control-${name}`);

/** Headers by which what is behind nginx could steer it. */
const STEERING = ["X-Accel-Redirect", "X-Accel-Expires", "X-Accel-Limit-Rate", "X-Accel-Buffering"];

function dialAddress(upstream: string): string {
  const url = new URL(upstream);
  return `${url.hostname}:${url.port === "" ? "80" : url.port}`;
}

/** The Ollamas. Of several: the one that answers the fewest now, and none for a while that failed. */
export function upstreamBlock({ upstreams }: GatewaySpec): Block {
  const addresses = upstreams.map((upstream) => dialAddress(upstream));
  const servers =
    addresses.length === 1
      ? addresses.map((address) => ({ keys: ["server", address] }))
      : addresses.map((address) => ({
          keys: ["server", address, "max_fails=1", "fail_timeout=10s"],
        }));
  const balance = addresses.length === 1 ? [] : [{ keys: ["least_conn"] }];
  return { keys: ["upstream", GROUP], children: [...balance, ...servers] };
}

/** nginx writes the head before it has chosen one of several, so that those are told a name that each takes for its own. */
function hostFor({ upstreams }: GatewaySpec): string {
  const [only, ...others] = upstreams;
  return only === undefined || others.length > 0 ? "localhost" : dialAddress(only);
}

const setHeader = (name: string, value: Word): Block => ({
  keys: ["proxy_set_header", name, value],
});

/** nginx never sends a POST again that it has sent, and ends a request whose caller has left. */
function choice({ upstreams }: GatewaySpec): Block[] {
  if (upstreams.length === 1) return [{ keys: ["proxy_connect_timeout", "5s"] }];
  return [
    { keys: ["proxy_connect_timeout", "3s"] },
    {
      comment: "No non_idempotent: a POST that was sent is not sent again.",
      keys: ["proxy_next_upstream", "error", "timeout"],
    },
    { keys: ["proxy_next_upstream_timeout", "10s"] },
  ];
}

/** The lines of the one place that passes a request on. */
export function proxyLines(spec: GatewaySpec): Block[] {
  const { cors, limits } = spec;
  const hidden = cors.origins.length === 0 ? KEPT_FROM_CALLERS : [...KEPT_FROM_CALLERS, "Vary"];
  return [
    { keys: ["client_max_body_size", String(limits.bodyMegabytes * 1_000_000 - 1)] },
    { keys: ["client_body_buffer_size", "1m"] },
    { keys: ["proxy_pass", [`http://${GROUP}`, variable(OURS.target)]] },
    { keys: ["proxy_http_version", "1.1"] },
    {
      comment: "No header passes but these.",
      keys: ["proxy_pass_request_headers", "off"],
    },
    setHeader("Host", hostFor(spec)),
    setHeader("X-Real-IP", variable("remote_addr")),
    setHeader("X-Forwarded-For", variable("remote_addr")),
    setHeader("X-Forwarded-Proto", variable("scheme")),
    ...PASSED_ON.map((name) =>
      setHeader(name, variable(`http_${name.toLowerCase().replaceAll("-", "_")}`)),
    ),
    ...hidden.map((name) => ({ keys: ["proxy_hide_header", name] })),
    { keys: ["proxy_ignore_headers", ...STEERING] },
    { keys: ["proxy_redirect", "off"] },
    { keys: ["proxy_buffering", "off"] },
    {
      comment: "A body that is cut off never reaches Ollama.",
      keys: ["proxy_request_buffering", "on"],
    },
    {
      comment: "A caller that leaves frees its Ollama at once.",
      keys: ["proxy_ignore_client_abort", "off"],
    },
    ...choice(spec),
    { keys: ["proxy_read_timeout", LONGEST_SILENCE] },
    { keys: ["proxy_send_timeout", LONGEST_SILENCE] },
    { keys: ["send_timeout", LONGEST_SILENCE] },
  ];
}
