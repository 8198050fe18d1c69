export type Environment = Readonly<Record<string, string | undefined>>;

/** What tells something secret, or would lead the app elsewhere than to the door `up` made. */
const OWN = ["OLLAMA_BASE_URL", "OLLAMA_API_KEY", "OLLAMA_CA", "SESSION_SECRET"] as const;
const SECRET = [...OWN, "ACCESS_KEYS", "KV_REST_API_TOKEN", "UPSTASH_REDIS_REST_TOKEN"] as const;
/** Between the bootstrap and `up`, and nobody else's business. */
const INTERNAL = ["LATCHKEY_STARTED_AT", "NODE_CHANNEL_FD", "NODE_ENV"] as const;

function without(environment: Environment, names: readonly string[]): Record<string, string> {
  const dropped = new Set(names);
  const kept = Object.entries(environment).flatMap(([name, value]): [string, string][] =>
    value === undefined || dropped.has(name) ? [] : [[name, value]],
  );
  return Object.fromEntries(kept);
}

/** For the door, the engine and the build: nothing secret. */
export function publicEnvironment(environment: Environment): Record<string, string> {
  return without(environment, [...SECRET, ...INTERNAL]);
}

export interface AppSettings {
  readonly doorUrl: string;
  readonly doorKey: string;
  readonly sessionSecret: string;
  /** SHA-256 of the local access key, in hex. */
  readonly accessKeyHash: string;
}

/**
 * For the app: the addresses and keys that `up` made, the local access key before those already
 * named, and everything else as it was found. An empty OLLAMA_CA is written out, since Next fills
 * in from .env files what is not there.
 */
export function appEnvironment(
  environment: Environment,
  settings: AppSettings,
): Record<string, string> {
  const more = (environment["ACCESS_KEYS"] ?? "").trim();
  return {
    ...without(environment, [...OWN, ...INTERNAL]),
    OLLAMA_BASE_URL: settings.doorUrl,
    OLLAMA_API_KEY: settings.doorKey,
    OLLAMA_CA: "",
    SESSION_SECRET: settings.sessionSecret,
    ACCESS_KEYS: `owner:owner:${settings.accessKeyHash}${more === "" ? "" : `,${more}`}`,
  };
}
