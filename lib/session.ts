import { sealData, unsealData } from "iron-session";
import { z } from "zod";
import type { AccessKey } from "./access-keys.ts";
import type { Config } from "./config.ts";

const THIRTY_DAYS_SECONDS = 30 * 24 * 60 * 60;

/** What the cookie holds: which key signed in, told by its hash, so that removing the key ends the session. */
const sessionSchema = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** How long a session lasts, in seconds. */
export const SESSION_SECONDS = THIRTY_DAYS_SECONDS;

/**
 * Seals a session for this key with the first secret.
 * @returns the cookie's value, URL-safe
 */
export async function sealSession(config: Config, key: AccessKey): Promise<string> {
  const [secret = ""] = config.sessionSecrets;
  return sealData({ hash: key.hash }, { password: secret, ttl: SESSION_SECONDS });
}

/**
 * The hash of the key that a cookie was sealed for; undefined when no secret opens it.
 * Each secret is tried: the library finds a rotated one only by its id.
 */
export async function openSession(config: Config, cookie: string): Promise<string | undefined> {
  for (const secret of config.sessionSecrets) {
    const data = await unsealData<unknown>(cookie, { password: secret, ttl: SESSION_SECONDS });
    const session = sessionSchema.safeParse(data);
    if (session.success) return session.data.hash;
  }
  return undefined;
}
