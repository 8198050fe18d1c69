import type { AccessEntry } from "./entries.ts";

type Shown = Omit<AccessEntry, "hash">;

/** The day on which a key ends, in UTC. */
export function expiryDate({ expiresAt }: Pick<AccessEntry, "expiresAt">): string {
  if (expiresAt === undefined) return "never";
  return new Date(expiresAt * 1000).toISOString().split("T")[0] ?? "";
}

/** In place of the variable: a list without the owner, set at Vercel, would lock them out. */
export const NO_OWN_KEY =
  "This computer has no key of its own yet: npm run up makes one,\nand npm run latchkey -- access add NAME one for somebody else.";

/**
 * A table of names, roles and expiries; neither keys nor hashes.
 *
 * @param own this computer's key, which stands first
 * @param nowSeconds Unix seconds
 */
export function describeKeys(
  own: Shown | undefined,
  named: readonly Shown[],
  nowSeconds: number,
): string[] {
  const entries = own === undefined ? named : [own, ...named];
  const width = Math.max(...entries.map(({ name }) => name.length), "NAME".length);
  const row = (name: string, role: string, ends: string): string =>
    `${name.padEnd(width)}  ${role.padEnd("member".length)}  ${ends}`;
  const remark = (entry: Shown): string => {
    if (entry === own) return " (this computer's)";
    return entry.expiresAt !== undefined && entry.expiresAt <= nowSeconds ? " (over)" : "";
  };
  return [
    row("NAME", "ROLE", "ENDS"),
    ...entries.map((entry) => row(entry.name, entry.role, `${expiryDate(entry)}${remark(entry)}`)),
  ];
}

/** The variable as it is to be at Vercel, and how it is set there. */
export function variableText(accessKeys: string): string[] {
  return [
    "The app's list (hashes only, no key):",
    "",
    `  ACCESS_KEYS=${accessKeys}`,
    "",
    "At Vercel, give it what stands after the =, then deploy:",
    "  npx vercel@60.1.3 env add ACCESS_KEYS production --force",
    "  npx vercel@60.1.3 deploy --prod",
  ];
}

/** When a changed list is in force at home. */
export function homeText(isUp: boolean): string[] {
  return isUp
    ? [
        "At home the old list is in force until you restart:",
        "  npm run latchkey -- stop",
        "  npm run up",
      ]
    : ["At home it is in force from the next npm run up."];
}
