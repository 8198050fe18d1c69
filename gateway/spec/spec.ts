/**
 * What a door is, without its secrets: the one description every rendered file comes from.
 * Stored as `.latchkey/latchkey.json`; every field added later has a default, so that an old file stays valid.
 */
import { isIP } from "node:net";
import { z } from "zod";
import { DEFAULT_PORTS, DOOR_PATHS } from "../../lib/contract.ts";
import { isDomainName, isOrigin, isPublicAddress, isUpstream } from "./addresses.ts";
import { mistakes } from "./cross-checks.ts";

const listen = z.strictObject({
  address: z
    .string()
    .refine((text) => isIP(text) !== 0, "must be an IP address, such as 127.0.0.1 or 0.0.0.0")
    .default("127.0.0.1")
    .describe("The address the door binds: 127.0.0.1 is this computer alone, 0.0.0.0 is everybody"),
  port: z.int().min(1).max(65_535).default(DEFAULT_PORTS.door),
});

/**
 * What Caddy's `map` makes a truth or a number of (`ParseBool` and `ParseFloat` of Go), as far as it is spelled
 * like a name: such a caller would be known to no matcher any more, and locked out.
 */
const READ_AS_VALUES: ReadonlySet<string> = new Set([
  "t",
  "f",
  "true",
  "false",
  "inf",
  "infinity",
  "nan",
]);

const caller = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, "must be up to 32 lower-case letters, digits and hyphens")
    .refine((text) => !READ_AS_VALUES.has(text), "is read as a value by Caddy: choose another name")
    .describe("Stands in the access log in place of the key"),
});

const limits = z.strictObject({
  requestsPerMinute: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe("Of each caller; 0 is no limit, since the app has limits of its own"),
  badKeysPerMinute: z
    .int()
    .min(0)
    .max(100_000)
    .default(30)
    .describe("Requests without a right key from one address; 0 is no limit"),
  bodyMegabytes: z.int().min(1).max(1024).default(32).describe("A larger request is refused"),
});

const logs = z.strictObject({
  megabytes: z
    .int()
    .min(1)
    .max(1024)
    .default(10)
    .describe("A file is put aside when it reaches this size, in MiB"),
  keep: z.int().min(1).max(100).default(5).describe("How many files put aside are kept"),
});

/** Every path a door may let through, as `METHOD /path`. */
const ALL_PATHS = Object.entries(DOOR_PATHS).flatMap(([method, paths]) =>
  paths.map((path) => `${method} ${path}`),
);

const fields = z.strictObject({
  $schema: z.string().optional().describe("Where an editor finds the schema of this file"),
  server: z.enum(["caddy", "nginx"]).default("caddy"),
  listen: listen.prefault({}),
  name: z
    .string()
    .refine(isDomainName, "must be a public name in lower case, such as ollama.example.com")
    .nullable()
    .default(null)
    .describe("The name the public finds the door by, if it has one"),
  publicAddress: z
    .string()
    .refine(isPublicAddress, "must be the IP address that others reach, such as 203.0.113.9")
    .nullable()
    .default(null)
    .describe("The address the public finds the door by, where it has no name: the router's own"),
  tls: z
    .enum(["automatic", "internal", "off"])
    .default("off")
    .describe("automatic: a certificate for the name; internal: one of the door's own root"),
  insecure: z
    .boolean()
    .default(false)
    .describe(
      "true: plain HTTP beyond this computer all the same; everyone on the way sees the key",
    ),
  tunnel: z.enum(["none", "cloudflared", "tailscale"]).default("none"),
  upstreams: z
    .array(z.string().refine(isUpstream, "must be an address such as http://127.0.0.1:11434"))
    .min(1, "at least one Ollama is needed")
    .refine((list) => new Set(list).size === list.length, "each may stand there once")
    .default([`http://127.0.0.1:${DEFAULT_PORTS.ollama}`]),
  lanHosts: z
    .array(z.string().min(1))
    .default([])
    .describe("Other computers of your own network that an Ollama may be on, by name or address"),
  callers: z
    .array(caller)
    .min(1, "at least one caller is needed, or nobody could come in")
    .refine(
      (list) => new Set(list.map(({ name }) => name)).size === list.length,
      "each name may be used once",
    )
    .default([{ name: "app" }]),
  paths: z
    .array(z.enum(ALL_PATHS))
    .min(1, "at least one path is needed")
    .default(ALL_PATHS)
    .describe("What the right key opens; all else is 404"),
  cors: z
    .strictObject({
      origins: z
        .array(
          z
            .string()
            .refine((text) => text !== "*", {
              error: "* would let every page on the web use the key of a visitor: name the pages",
              abort: true,
            })
            .refine(isOrigin, "must be an origin such as https://chat.example.com"),
        )
        .default([])
        .describe("Pages elsewhere that may call the door from a browser; the app needs none"),
    })
    .prefault({}),
  limits: limits.prefault({}),
  logs: logs.prefault({}),
});

export type GatewaySpec = z.infer<typeof fields>;

export const gatewaySpecSchema = fields.superRefine((spec, context) => {
  // A field that is wrong by itself may be nothing that can be compared with another.
  if (context.issues.length > 0) return;
  for (const { path, message } of mistakes(spec)) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
});

/** The JSON Schema that editors check `latchkey.json` with: everything but the checks across fields. */
export function specJsonSchema(): object {
  return z.toJSONSchema(fields, { io: "input" });
}

/**
 * Checks a description and fills in what it leaves out.
 *
 * @throws Error that names each field and what it must be.
 */
export function parseSpec(input: unknown): GatewaySpec {
  const result = gatewaySpecSchema.safeParse(input);
  if (result.success) return result.data;
  const lines = result.error.issues.map(
    (issue) => `  ${issue.path.join(".") || "(all of it)"}: ${issue.message}`,
  );
  throw new Error(
    `The description of the door (latchkey.json) has mistakes; correct these:\n${lines.join("\n")}`,
  );
}
