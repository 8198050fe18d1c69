import { hashKey, type AccessKey, type Role } from "./access-keys.ts";
import { environmentSchema, WANTS_SECRET, type EnvironmentValues } from "./config-fields.ts";
import { rolesOf, type RoleLimits } from "./config-roles.ts";
import { RelayError } from "./errors.ts";

/** The environment, read once, checked and frozen. */
export interface Config {
  readonly doorUrl: URL;
  readonly doorKey: string;
  /** PEM of the only root trusted for the door; undefined: the system's roots. */
  readonly doorAuthority?: string;
  readonly defaultModel?: string;
  readonly roles: Readonly<Record<Role, RoleLimits>>;
  /** Exact origins of browsers elsewhere that may use keys. */
  readonly allowedOrigins: readonly string[];
  /** The store that several instances share; undefined: counts are kept in this process. */
  readonly store?: { readonly url: string; readonly token: string };
  readonly accessKeys: readonly AccessKey[];
  /** The first signs, each is tried. */
  readonly sessionSecrets: readonly string[];
  readonly publicAccess: boolean;
  readonly maxBodyBytes: number;
  /** Streams that go to the door at once from this process. */
  readonly maxActive: number;
  /** Requests that may wait for one of them. */
  readonly maxWaiting: number;
  readonly maxWaitSeconds: number;
  readonly firstTokenSeconds: number;
  readonly idleSeconds: number;
  readonly totalSeconds: number;
  /** Whose word on the caller's address is believed: Vercel's, or that of proxies at these addresses or ranges. */
  readonly trustedProxy: "vercel" | readonly string[];
}

/** A variable that is missing or bad: its name and what it wants, never its value. */
export interface ConfigProblem {
  readonly name: string;
  readonly wants: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Checks an environment. An empty string is unset.
 * @returns the frozen configuration, or every problem at once
 */
export function parseConfig(
  environment: Environment,
): { readonly config: Config } | { readonly problems: readonly ConfigProblem[] } {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      name: String(issue.path[0] ?? "environment"),
      wants: issue.message,
    }));
    return { problems };
  }
  const values = parsed.data;
  const problems = crossChecks(values);
  if (problems.length > 0) return { problems };
  return {
    config: Object.freeze({
      doorUrl: values.OLLAMA_BASE_URL,
      doorKey: values.OLLAMA_API_KEY,
      ...(values.OLLAMA_CA === undefined ? {} : { doorAuthority: values.OLLAMA_CA }),
      ...(values.OLLAMA_MODEL === undefined ? {} : { defaultModel: values.OLLAMA_MODEL }),
      roles: rolesOf(values),
      allowedOrigins: values.ALLOWED_ORIGINS,
      ...storeOf(values),
      accessKeys: values.ACCESS_KEYS,
      sessionSecrets: values.SESSION_SECRET,
      publicAccess: values.PUBLIC_ACCESS === "true",
      maxBodyBytes: values.MAX_BODY_BYTES,
      maxActive: values.MAX_ACTIVE,
      maxWaiting: values.MAX_WAITING,
      maxWaitSeconds: values.MAX_WAIT_SECONDS,
      trustedProxy: trustedProxyOf(values),
      firstTokenSeconds: values.FIRST_TOKEN_SECONDS,
      idleSeconds: values.IDLE_SECONDS,
      totalSeconds: values.TOTAL_SECONDS,
    }),
  };
}

let known: ReturnType<typeof parseConfig> | undefined;

/**
 * The configuration of this process, parsed at the first request: a build has no secrets.
 * Throws RelayError `not_configured` that names each variable and what it wants.
 */
export function readConfig(): Config {
  known ??= parseConfig(process.env);
  if ("config" in known) return known.config;
  throw notConfigured(known.problems);
}

/** The problems of this process' environment; empty when it is set up. */
export function readConfigProblems(): readonly ConfigProblem[] {
  known ??= parseConfig(process.env);
  return "config" in known ? [] : known.problems;
}

/** The error that names what is missing. */
function notConfigured(problems: readonly ConfigProblem[]): RelayError {
  const wants = problems.map(({ name, wants: want }) => `${name} wants ${want}`).join("; ");
  return new RelayError("not_configured", { fix: `Set these and deploy again: ${wants}.` });
}

function crossChecks(values: EnvironmentValues): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const publicAccess = values.PUBLIC_ACCESS === "true";
  if (values.ACCESS_KEYS.length === 0 && !publicAccess) {
    const wants = "name:role:sha256hex[:expiry] of at least one access key (or PUBLIC_ACCESS=true)";
    problems.push({ name: "ACCESS_KEYS", wants });
  }
  if (values.ACCESS_KEYS.length > 0 && values.SESSION_SECRET.length === 0) {
    problems.push({ name: "SESSION_SECRET", wants: WANTS_SECRET });
  }
  if (values.ACCESS_KEYS.some(({ hash }) => hash === hashKey(values.OLLAMA_API_KEY))) {
    problems.push({ name: "ACCESS_KEYS", wants: "keys other than the door's own" });
  }
  if (values.ACCESS_KEYS.some(({ hash }) => hash === hashKey(""))) {
    const wants = "the hash of a key: this one is of nothing, as when a file was not found";
    problems.push({ name: "ACCESS_KEYS", wants });
  }
  for (const [url, token] of STORE_NAMES) {
    if ((values[url] === undefined) !== (values[token] === undefined)) {
      problems.push({
        name: values[url] === undefined ? url : token,
        wants: `to be set together with ${values[url] === undefined ? token : url}`,
      });
    }
  }
  return problems;
}

/** The store's variables, by either of the names that Vercel's integrations give them. */
const STORE_NAMES = [
  ["KV_REST_API_URL", "KV_REST_API_TOKEN"],
  ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"],
] as const;

function storeOf(values: EnvironmentValues): Pick<Config, "store"> {
  for (const [urlName, tokenName] of STORE_NAMES) {
    const url = values[urlName];
    const token = values[tokenName];
    if (url !== undefined && token !== undefined) return { store: { url, token } };
  }
  return {};
}

/** On Vercel its own header is believed when nobody says otherwise; elsewhere nothing a caller could forge is. */
function trustedProxyOf(values: EnvironmentValues): Config["trustedProxy"] {
  const named = values.TRUSTED_PROXY ?? (values.VERCEL === undefined ? [] : ["vercel"]);
  return named.join() === "vercel" ? "vercel" : named;
}
