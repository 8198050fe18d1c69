import type { Block } from "../block.ts";
import type { GatewaySpec } from "../spec/spec.ts";

/**
 * What may be a key by mistake: as long as one, made of its characters. The same pattern takes the
 * whole query, of which only the question mark stays.
 */
const SECRET_IN_ADDRESS = "([?]).*$|[A-Za-z0-9_%-]{32,}";

const redact = (field: string): Block => ({
  keys: [field, "regexp", { pattern: SECRET_IN_ADDRESS }, "$1..."],
});

/** Caddy's own redaction knows Authorization and cookies only: headers are left out whole. */
const FILTER: Block = {
  keys: ["format", "filter"],
  children: [
    { keys: ["wrap", "json"] },
    {
      keys: ["fields"],
      children: [
        { keys: ["request>headers", "delete"] },
        { keys: ["resp_headers", "delete"] },
        { keys: ["headers", "delete"] },
        redact("request>method"),
        redact("request>uri"),
        redact("request>host"),
        redact("uri"),
      ],
    },
  ],
};

/** The children of a `log` block: one rotated file in the run directory, without headers or queries. */
export function logBlocks(file: string, { logs }: GatewaySpec): Block[] {
  return [
    {
      keys: ["output", "file", file],
      children: [
        { keys: ["roll_size", `${logs.megabytes}MiB`] },
        { keys: ["roll_keep", String(logs.keep)] },
        { keys: ["roll_keep_for", "720h"] },
      ],
    },
    FILTER,
  ];
}
