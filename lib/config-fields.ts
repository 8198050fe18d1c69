import { isIP } from "node:net";
import { z } from "zod";
import { parseAccessKeys } from "./access-keys.ts";
import { KEY_PATTERN } from "./contract.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const EXAMPLES = /your-|secret-key|example|change-?me|password/i;
const WANTS_DOOR_KEY =
  "the door's key: 32 to 128 of A-Z a-z 0-9 _ -, random, as in .latchkey/door-key at home";
/** What SESSION_SECRET wants. */
export const WANTS_SECRET = "at least 32 random bytes in hex (64 digits), or a comma list of such";

const list = z.string().transform((text) => splitList(text));
const seconds = (initial: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "a whole number of seconds")
    .default(String(initial))
    .transform(Number);

const count = (initial: number, wants = "a whole number; 0 is no limit") =>
  z
    .string()
    .regex(/^\d{1,12}$/, wants)
    .default(String(initial))
    .transform(Number);
const countOfRole = z
  .string()
  .regex(/^\d{1,12}$/, "a whole number; 0 is no limit")
  .transform(Number)
  .optional();
const storeUrl = z.url({ protocol: /^https?$/, error: "the store's REST address" }).optional();

/** The environment of the app (CONTRACT.md), each variable with what it wants. */
export const environmentSchema = z.object({
  OLLAMA_BASE_URL: z
    .string({ error: "the door's address: https://..., or http:// on loopback" })
    .transform((text, context) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url !== undefined && isDoorUrl(url)) return url;
      context.addIssue("the door's address: https://host[:port], or http:// on loopback only");
      return z.NEVER;
    }),
  OLLAMA_API_KEY: z.string({ error: WANTS_DOOR_KEY }).refine(isStrongKey, WANTS_DOOR_KEY),
  OLLAMA_CA: z
    .string()
    .transform((text) => (text.includes("-----BEGIN") ? text : atobOrEmpty(text)))
    .refine(
      (pem) => pem.includes("-----BEGIN CERTIFICATE-----"),
      "a PEM certificate, or its base64",
    )
    .optional(),
  OLLAMA_MODEL: z.string().optional(),
  ALLOWED_MODELS: list.optional(),
  ACCESS_KEYS: z
    .string()
    .default("")
    .transform((text, context) => {
      try {
        return parseAccessKeys(text);
      } catch (thrown) {
        const reason = thrown instanceof Error ? thrown.message : "unreadable";
        context.addIssue(`a comma list of name:role:sha256hex[:expiry]; ${reason}`);
        return z.NEVER;
      }
    }),
  SESSION_SECRET: list
    .refine((secrets) => secrets.every((secret) => /^[0-9a-f]{64,}$/i.test(secret)), WANTS_SECRET)
    .default([]),
  PUBLIC_ACCESS: z.enum(["true", "false"], { error: "true or false" }).default("false"),
  ALLOWED_MODELS_OWNER: list.optional(),
  ALLOWED_MODELS_MEMBER: list.optional(),
  ALLOWED_MODELS_GUEST: list.optional(),
  ALLOWED_ORIGINS: list
    .refine(
      (origins) => origins.every(isOrigin),
      "exact origins, such as https://chat.example.net; no *",
    )
    .default([]),
  KV_REST_API_URL: storeUrl,
  KV_REST_API_TOKEN: z.string().optional(),
  UPSTASH_REDIS_REST_URL: storeUrl,
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  REQUESTS_PER_MINUTE: countOfRole,
  REQUESTS_PER_MINUTE_OWNER: countOfRole,
  REQUESTS_PER_MINUTE_MEMBER: countOfRole,
  REQUESTS_PER_MINUTE_GUEST: countOfRole,
  TOKENS_PER_DAY: countOfRole,
  TOKENS_PER_DAY_OWNER: countOfRole,
  TOKENS_PER_DAY_MEMBER: countOfRole,
  TOKENS_PER_DAY_GUEST: countOfRole,
  MAX_ACTIVE: count(1, "a whole number of streams, 1 or more").refine((value) => value > 0, {
    error: "a whole number of streams, 1 or more",
  }),
  MAX_WAITING: count(20, "a whole number of places"),
  MAX_WAIT_SECONDS: seconds(120),
  TRUSTED_PROXY: list
    .refine(
      (entries) => entries.join() === "vercel" || entries.every(isAddressOrRange),
      "vercel, or a comma list of addresses (or ranges such as 10.0.0.0/8) of your own proxies",
    )
    .optional(),
  VERCEL: z.string().optional(),
  MAX_BODY_BYTES: z
    .string()
    .regex(/^[1-9]\d{2,8}$/, "a whole number of bytes")
    .default("4400000")
    .transform(Number),
  FIRST_TOKEN_SECONDS: seconds(270),
  IDLE_SECONDS: seconds(120),
  TOTAL_SECONDS: seconds(285),
});

export type EnvironmentValues = z.output<typeof environmentSchema>;

function isDoorUrl(url: URL): boolean {
  const plain = url.username === "" && url.search === "" && url.hash === "" && url.pathname === "/";
  const local = url.protocol === "http:" && LOOPBACK.test(url.hostname);
  return plain && (url.protocol === "https:" || local);
}

/** Well-formed, not an example, and not one character repeated (PITFALLS 8). */
function isStrongKey(key: string): boolean {
  return KEY_PATTERN.test(key) && !EXAMPLES.test(key) && new Set(key).size >= 8;
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
}

function isAddressOrRange(text: string): boolean {
  const [address = "", bits, more] = text.split("/");
  const most = isIP(address) === 4 ? 32 : 128;
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  return isIP(address) !== 0 && isRange && more === undefined;
}

function atobOrEmpty(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

function splitList(text: string): string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
