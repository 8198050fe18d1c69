import { type AccessEntry, encodeAccessList, ownerEntry } from "../access/entries.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What would lead the app elsewhere than to the door `up` made, or let in by another's secret. */
export const OWN = ["OLLAMA_BASE_URL", "OLLAMA_API_KEY", "OLLAMA_CA", "SESSION_SECRET"] as const;
/** Between the bootstrap and `up`, and nobody else's business. */
const INTERNAL = ["LATCHKEY_STARTED_AT", "NODE_CHANNEL_FD", "NODE_ENV"] as const;

const BY_ROLE = ["REQUESTS_PER_MINUTE", "TOKENS_PER_DAY", "ALLOWED_MODELS"] as const;
const ROLES = ["OWNER", "MEMBER", "GUEST"] as const;

/**
 * Every name the app reads, and those by which it may tell that it runs at Vercel. Next fills in
 * what is not there from `.env.local` and its like, which `vercel env pull` writes.
 */
const APP_NAMES: readonly string[] = [
  ...OWN,
  "OLLAMA_MODEL",
  "ACCESS_KEYS",
  "PUBLIC_ACCESS",
  "ALLOWED_ORIGINS",
  "KV_REST_API_URL",
  "KV_REST_API_TOKEN",
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
  ...BY_ROLE.flatMap((name) => [name, ...ROLES.map((role) => `${name}_${role}`)]),
  "MAX_BODY_BYTES",
  "MAX_ACTIVE",
  "MAX_WAITING",
  "MAX_WAIT_SECONDS",
  "FIRST_TOKEN_SECONDS",
  "IDLE_SECONDS",
  "TOTAL_SECONDS",
  "TRUSTED_PROXY",
  "VERCEL",
  "VERCEL_ENV",
];

function without(environment: Environment, names: readonly string[]): Record<string, string> {
  const dropped = new Set(names);
  const kept = Object.entries(environment).flatMap(([name, value]): [string, string][] =>
    value === undefined || dropped.has(name) ? [] : [[name, value]],
  );
  return Object.fromEntries(kept);
}

export interface AppSettings {
  readonly doorUrl: string;
  readonly doorKey: string;
  readonly sessionSecret: string;
  /** SHA-256 of the local access key, in hex. */
  readonly accessKeyHash: string;
  /** Those that `access add` made; none when left out. */
  readonly namedKeys?: readonly AccessEntry[];
}

/** The local key, then the named ones, then those found; a name that is found is not taken twice. */
function accessKeys(environment: Environment, settings: AppSettings): string {
  const found = (environment["ACCESS_KEYS"] ?? "").trim();
  const foundNames = new Set(found.split(",").map((entry) => entry.trim().split(":")[0]));
  const named = settings.namedKeys?.filter(({ name }) => !foundNames.has(name)) ?? [];
  const own = encodeAccessList([ownerEntry(settings.accessKeyHash), ...named]);
  return found === "" ? own : `${own},${found}`;
}

/**
 * For the app: the addresses and keys that `up` made, this computer's access keys before those
 * found, and everything else as it was found. Names that are not set are written out empty, which
 * is unset to the app, so that no `.env` file sets them.
 */
export function appEnvironment(
  environment: Environment,
  settings: AppSettings,
): Record<string, string> {
  return {
    ...Object.fromEntries(APP_NAMES.map((name) => [name, ""])),
    ...without(environment, [...OWN, ...INTERNAL]),
    OLLAMA_BASE_URL: settings.doorUrl,
    OLLAMA_API_KEY: settings.doorKey,
    SESSION_SECRET: settings.sessionSecret,
    ACCESS_KEYS: accessKeys(environment, settings),
  };
}
