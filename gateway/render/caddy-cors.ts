/** Pages elsewhere that may call the door: each gets its own origin back, and nobody a wildcard. */
import { DOOR_KEY_HEADER } from "../../lib/contract.ts";
import type { Block } from "../block.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { allowedPaths } from "./caddy-lock.ts";

const ORIGIN = { placeholder: "latchkey.origin" };
const PREFLIGHT = { placeholder: "latchkey.preflight" };
const ALLOWED_HEADERS = `Content-Type, ${DOOR_KEY_HEADER}`;
/** Ten minutes: a page that is taken off the list is out by then. */
const MAX_AGE_SECONDS = "600";

/**
 * Set before anything answers, so that a refusal and a failure carry them too (Caddy drops deferred
 * ones when a handler fails). What Ollama sends of the same names is taken off behind the door.
 */
export function originHeaders({ cors }: GatewaySpec): Block[] {
  if (cors.origins.length === 0) return [];
  return [
    {
      comment: "Exactly the origins of the list; two in one request are none of them.",
      keys: ["map", { placeholder: "http.request.header.Origin" }, ORIGIN],
      children: [
        ...cors.origins.map((origin) => ({ keys: [origin, "listed"] })),
        { keys: ["default", "foreign"] },
      ],
    },
    { keys: ["@listed", "vars", ORIGIN, "listed"] },
    {
      keys: ["header", "@listed"],
      children: [
        { keys: ["Access-Control-Allow-Origin", { placeholder: "http.request.header.Origin" }] },
        { keys: ["Vary", "Origin"] },
      ],
    },
  ];
}

/** Answers the browser's question whether a page may ask: before the lock, since it brings no key. */
export function preflight(spec: GatewaySpec): Block[] {
  if (spec.cors.origins.length === 0) return [];
  return [
    {
      keys: [
        "map",
        [
          ORIGIN,
          " ",
          { placeholder: "http.request.method" },
          " ",
          { placeholder: "http.request.header.Access-Control-Request-Method" },
          " ",
          { placeholder: "http.request.uri" },
        ],
        PREFLIGHT,
      ],
      children: [
        ...allowedPaths(spec).map(({ method, pattern }) => ({
          keys: [{ pattern: `~^listed OPTIONS ${method} ${pattern}` }, method],
        })),
        { keys: ["default", "no"] },
      ],
    },
    { keys: ["@preflight", "not", "vars", PREFLIGHT, "no"] },
    {
      keys: ["header", "@preflight"],
      children: [
        { keys: ["Access-Control-Allow-Methods", PREFLIGHT] },
        { keys: ["Access-Control-Allow-Headers", ALLOWED_HEADERS] },
        { keys: ["Access-Control-Max-Age", MAX_AGE_SECONDS] },
      ],
    },
    { keys: ["respond", "@preflight", "204"] },
  ];
}

/** Answers differ by origin, and what Ollama says about that would stand there twice. */
export function withoutOllamasOwn({ cors }: GatewaySpec): Block[] {
  const own = { keys: ["header_down", "-Access-Control-*"] };
  return cors.origins.length === 0 ? [own] : [own, { keys: ["header_down", "-Vary"] }];
}
