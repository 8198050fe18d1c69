import { sealData, unsealData } from "iron-session";
import { z } from "zod";
import type { AccessKey } from "./access-keys.ts";
import type { Config } from "./config.ts";

const THIRTY_DAYS_SECONDS = 30 * 24 * 60 * 60;

/** What the cookie holds: which key signed in, told by its hash, so that removing the key ends the session. */
const sessionSchema = z.object({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Unix seconds. */
  at: z.number().default(0),
});

/** A session in use is sealed anew once a day, and so lasts as long as it is used. */
const RENEW_SECONDS = 24 * 60 * 60;

export interface Session {
  readonly hash: string;
  /** Whether to seal it anew: it is a day old, or sealed with a secret that is on its way out. */
  readonly isStale: boolean;
}

/** How long a session lasts, in seconds. */
export const SESSION_SECONDS = THIRTY_DAYS_SECONDS;

/**
 * Seals a session for this key with the first secret.
 * @returns the cookie's value, URL-safe
 */
export async function sealSession(config: Config, key: Pick<AccessKey, "hash">): Promise<string> {
  const [secret = ""] = config.sessionSecrets;
  return sealData({ hash: key.hash, at: now() }, { password: secret, ttl: SESSION_SECONDS });
}

/**
 * The session in a cookie; undefined when no secret opens it.
 * Each secret is tried: the library finds a rotated one only by its id.
 */
export async function openSession(config: Config, cookie: string): Promise<Session | undefined> {
  for (const [index, secret] of config.sessionSecrets.entries()) {
    const data = await unsealData<unknown>(cookie, { password: secret, ttl: SESSION_SECONDS });
    const session = sessionSchema.safeParse(data);
    if (!session.success) continue;
    const { hash, at } = session.data;
    return { hash, isStale: index > 0 || now() - at > RENEW_SECONDS };
  }
  return undefined;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
