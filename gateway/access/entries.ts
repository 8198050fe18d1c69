/** The list of access keys as ACCESS_KEYS holds it: `name:role:sha256hex[:expiry]`, comma between. */

export const ROLES = ["owner", "member", "guest"] as const;
export type Role = (typeof ROLES)[number];

/** One key. The key itself is kept nowhere. */
export interface AccessEntry {
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the key, 64 lower-case hex digits. */
  readonly hash: string;
  /** Unix seconds; undefined: it does not end. */
  readonly expiresAt: number | undefined;
}

export const NAME_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

/** The same as the app's own (lib/access-keys.ts), which the home side may not import. */
const ENTRY = /^([A-Za-z0-9._-]{1,64}):(owner|member|guest):([0-9a-f]{64})(?::(\d{1,12}))?$/;

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}

/**
 * Reads such a list; empty text is an empty list.
 *
 * @returns the entries, or the place (from 1) of the first that cannot be read. Its text is left
 *   out of everything: somebody may have pasted a key there.
 */
export function decodeAccessList(
  text: string,
): { readonly entries: readonly AccessEntry[] } | { readonly badPlace: number } {
  const entries: AccessEntry[] = [];
  const parts = text.trim() === "" ? [] : text.trim().split(",");
  for (const [index, part] of parts.entries()) {
    const [, name, role, hash, expiry] = ENTRY.exec(part.trim()) ?? [];
    if (name === undefined || role === undefined || !isRole(role) || hash === undefined) {
      return { badPlace: index + 1 };
    }
    const expiresAt = expiry === undefined ? undefined : Number(expiry);
    entries.push({ name, role, hash, expiresAt });
  }
  return { entries };
}

/** The list as one line without its end. */
export function encodeAccessList(entries: readonly AccessEntry[]): string {
  return entries
    .map(({ name, role, hash, expiresAt }) =>
      [name, role, hash, ...(expiresAt === undefined ? [] : [expiresAt])].join(":"),
    )
    .join(",");
}

/** The name of the key that `up` makes for this computer, which no other can have. */
export const OWNER_NAME = "owner";

/** The entry of that key. */
export const ownerEntry = (hash: string): AccessEntry => ({
  name: OWNER_NAME,
  role: "owner",
  hash,
  expiresAt: undefined,
});
