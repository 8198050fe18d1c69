import type { Block } from "../block.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { CADDY_FILES } from "./caddy-files.ts";

/**
 * What may be a key by mistake: as long as one, made of its characters. The same pattern takes the
 * whole query, of which only the question mark stays.
 */
const SECRET_IN_ADDRESS = "([?]).*$|[A-Za-z0-9_%-]{32,}";

const redact = (field: string): Block => ({
  keys: [field, "regexp", { pattern: SECRET_IN_ADDRESS }, "$1..."],
});

const filter = (fields: readonly Block[]): Block => ({
  keys: ["format", "filter"],
  children: [{ keys: ["wrap", "json"] }, { keys: ["fields"], children: fields }],
});

/** Caddy's own redaction knows Authorization and cookies only: headers are left out whole. */
const OF_REQUESTS = filter([
  { keys: ["request>headers", "delete"] },
  { keys: ["request>host", "delete"] },
  { keys: ["resp_headers", "delete"] },
  redact("request>method"),
  redact("request>uri"),
]);

/**
 * What fails is told with its reason and without its request, which the access log has. Caddy makes such a line ready
 * for every request, failed or not: a filter that has to look into it costs each of them.
 */
const OF_FAILURES = filter([
  { keys: ["request", "delete"] },
  { keys: ["headers", "delete"] },
  redact("uri"),
]);

function logBlocks(file: string, format: Block, { logs }: GatewaySpec): Block[] {
  return [
    {
      keys: ["output", "file", file],
      children: [
        { keys: ["roll_size", `${logs.megabytes}MiB`] },
        { keys: ["roll_keep", String(logs.keep)] },
        { keys: ["roll_keep_for", "720h"] },
      ],
    },
    format,
  ];
}

/** The children of the `log` block of requests: one rotated file in the run directory, without headers or queries. */
export const accessLog = (spec: GatewaySpec): Block[] =>
  logBlocks(CADDY_FILES.accessLog, OF_REQUESTS, spec);

/** The children of the `log` block of everything else. */
export const doorLog = (spec: GatewaySpec): Block[] =>
  logBlocks(CADDY_FILES.doorLog, OF_FAILURES, spec);
