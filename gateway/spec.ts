/**
 * What a door is, without its secrets: the one description every rendered file comes from.
 * Stored as `.latchkey/latchkey.json`; every field added later has a default, so that an old file stays valid.
 */
import { BlockList, isIP } from "node:net";
import { z } from "zod";
import { DEFAULT_PORTS } from "../lib/contract.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

function isLoopback(address: string): boolean {
  return loopback.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** Only scheme, host and port: a path, a query or a login in it would be dropped without a word. */
function isPlainOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    url.protocol === "http:" &&
    url.hostname !== "" &&
    url.href === `${url.origin}/`
  );
}

const listen = z.strictObject({
  address: z
    .string()
    .refine((text) => isIP(text) !== 0, {
      error: "must be an IP address, such as 127.0.0.1",
      abort: true,
    })
    .refine(
      isLoopback,
      "must be a loopback address: beyond this computer plain HTTP would show the key to everyone",
    )
    .default("127.0.0.1"),
  port: z.int().min(1).max(65_535).default(DEFAULT_PORTS.door),
});

const caller = z.strictObject({
  /** Stands in the access log in place of the key. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, "must be up to 32 lower-case letters, digits and hyphens"),
});

const logs = z.strictObject({
  /** A file is put aside when it reaches this size, in MiB. */
  megabytes: z.int().min(1).max(1024).default(10),
  /** How many files put aside are kept. */
  keep: z.int().min(1).max(100).default(5),
});

export const gatewaySpecSchema = z.strictObject({
  server: z.literal("caddy").default("caddy"),
  listen: listen.prefault({}),
  upstreams: z
    .array(z.string().refine(isPlainOrigin, "must be an address such as http://127.0.0.1:11434"))
    .min(1, "at least one Ollama is needed")
    .default([`http://127.0.0.1:${DEFAULT_PORTS.ollama}`]),
  callers: z
    .array(caller)
    .min(1, "at least one caller is needed, or nobody could come in")
    .refine(
      (list) => new Set(list.map(({ name }) => name)).size === list.length,
      "each name may be used once",
    )
    .default([{ name: "app" }]),
  /** Browsers that may call the door itself: none, the app is the one that talks to it. */
  cors: z.strictObject({ origins: z.array(z.never()).default([]) }).prefault({}),
  logs: logs.prefault({}),
});

export type GatewaySpec = z.infer<typeof gatewaySpecSchema>;

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
