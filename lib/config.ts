import { z } from "zod";
import { hashKey, parseAccessKeys, type AccessKey } from "./access-keys.ts";
import { KEY_PATTERN } from "./contract.ts";
import { RelayError } from "./errors.ts";

/** The environment, read once, checked and frozen. */
export interface Config {
  readonly doorUrl: URL;
  readonly doorKey: string;
  /** PEM of the only root trusted for the door; undefined: the system's roots. */
  readonly doorAuthority?: string;
  readonly defaultModel?: string;
  /** Names, or prefixes that end in `*`; undefined: every local model. */
  readonly allowedModels?: readonly string[];
  readonly accessKeys: readonly AccessKey[];
  /** The first signs, each is tried. */
  readonly sessionSecrets: readonly string[];
  readonly publicAccess: boolean;
  readonly maxBodyBytes: number;
  readonly firstTokenSeconds: number;
  readonly idleSeconds: number;
  readonly totalSeconds: number;
}

/** A variable that is missing or bad: its name and what it wants, never its value. */
export interface ConfigProblem {
  readonly name: string;
  readonly wants: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const EXAMPLES = /your-|secret-key|example|change-?me|password/i;
const WANTS_DOOR_KEY =
  "the door's key: 32 to 128 of A-Z a-z 0-9 _ -, random, as in .latchkey/door-key at home";
const WANTS_SECRET = "at least 32 random bytes in hex (64 digits), or a comma list of such";

const list = z.string().transform((text) => splitList(text));
const seconds = (initial: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "a whole number of seconds")
    .default(String(initial))
    .transform(Number);

const schema = z.object({
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
  MAX_BODY_BYTES: z
    .string()
    .regex(/^[1-9]\d{2,8}$/, "a whole number of bytes")
    .default("4400000")
    .transform(Number),
  FIRST_TOKEN_SECONDS: seconds(270),
  IDLE_SECONDS: seconds(120),
  TOTAL_SECONDS: seconds(285),
});

/**
 * Checks an environment. An empty string is unset.
 * @returns the frozen configuration, or every problem at once
 */
export function parseConfig(
  environment: Environment,
): { readonly config: Config } | { readonly problems: readonly ConfigProblem[] } {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(set);
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
      ...(values.ALLOWED_MODELS === undefined ? {} : { allowedModels: values.ALLOWED_MODELS }),
      accessKeys: values.ACCESS_KEYS,
      sessionSecrets: values.SESSION_SECRET,
      publicAccess: values.PUBLIC_ACCESS === "true",
      maxBodyBytes: values.MAX_BODY_BYTES,
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

function crossChecks(values: z.output<typeof schema>): ConfigProblem[] {
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
  return problems;
}

function isDoorUrl(url: URL): boolean {
  const plain = url.username === "" && url.search === "" && url.hash === "" && url.pathname === "/";
  const local = url.protocol === "http:" && LOOPBACK.test(url.hostname);
  return plain && (url.protocol === "https:" || local);
}

/** Well-formed, not an example, and not one character repeated (PITFALLS 8). */
function isStrongKey(key: string): boolean {
  return KEY_PATTERN.test(key) && !EXAMPLES.test(key) && new Set(key).size >= 8;
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
