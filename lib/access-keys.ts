import { createHash, timingSafeEqual } from "node:crypto";

export const ROLES = ["owner", "member", "guest"] as const;
export type Role = (typeof ROLES)[number];

/** One entry of ACCESS_KEYS: the key itself is never in the environment, only its hash. */
export interface AccessKey {
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the key, 64 lower-case hex digits. */
  readonly hash: string;
  /** Unix seconds. */
  readonly expiresAt?: number;
}

const ENTRY = /^([A-Za-z0-9._-]{1,64}):(owner|member|guest):([0-9a-f]{64})(?::(\d{1,12}))?$/;

/**
 * Reads ACCESS_KEYS: a comma list of `name:role:sha256hex[:expiry]`.
 * Throws an Error that names the entry's place, never its text (someone may have pasted a key there).
 */
export function parseAccessKeys(list: string): AccessKey[] {
  return list
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map((entry, index) => {
      const [, name, role, hash, expiry] = ENTRY.exec(entry) ?? [];
      const knownRole = ROLES.find((candidate) => candidate === role);
      if (name === undefined || knownRole === undefined || hash === undefined) {
        throw new Error(`entry ${index + 1} is not name:role:sha256hex[:expiry]`);
      }
      const expiresAt = expiry === undefined ? {} : { expiresAt: Number(expiry) };
      return { name, role: knownRole, hash, ...expiresAt };
    });
}

/** SHA-256 of a presented key, as lower-case hex. */
export function hashKey(key: string): string {
  return createHash("sha256").update(key, "utf8").digest("hex");
}

/**
 * The access key with this hash, unless it has expired. Looks at every key and compares in constant time,
 * so that how long it takes tells nothing about which keys exist.
 */
export function findAccessKey(
  keys: readonly AccessKey[],
  hash: string,
  nowSeconds: number,
): AccessKey | undefined {
  const presented = Buffer.from(hash, "hex");
  let found: AccessKey | undefined;
  for (const key of keys) {
    const known = Buffer.from(key.hash, "hex");
    const same = known.length === presented.length && timingSafeEqual(known, presented);
    if (same && (key.expiresAt === undefined || key.expiresAt > nowSeconds)) found = key;
  }
  return found;
}
