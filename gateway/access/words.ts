import type { AccessEntry } from "./entries.ts";

/** The day on which a key ends, in UTC. */
export function expiryDate({ expiresAt }: Pick<AccessEntry, "expiresAt">): string {
  if (expiresAt === undefined) return "never";
  return new Date(expiresAt * 1000).toISOString().split("T")[0] ?? "";
}

/**
 * A table of names, roles and expiries; neither keys nor hashes.
 *
 * @param nowSeconds Unix seconds
 */
export function describeKeys(entries: readonly AccessEntry[], nowSeconds: number): string[] {
  if (entries.length === 0) {
    return ["There is no named key. Make one: npm run latchkey -- access add NAME"];
  }
  const width = Math.max(...entries.map(({ name }) => name.length), "NAME".length);
  const row = (name: string, role: string, ends: string): string =>
    `${name.padEnd(width)}  ${role.padEnd("member".length)}  ${ends}`;
  return [
    row("NAME", "ROLE", "ENDS"),
    ...entries.map((entry) => {
      const isOver = entry.expiresAt !== undefined && entry.expiresAt <= nowSeconds;
      return row(entry.name, entry.role, `${expiryDate(entry)}${isOver ? " (over)" : ""}`);
    }),
  ];
}

/** The variable as it now should be, and where it is set. */
export function variableText(accessKeys: string): string[] {
  const isEmpty = accessKeys === "";
  return [
    "The app's list is now (hashes only, no key):",
    "",
    `  ACCESS_KEYS=${accessKeys}`,
    "",
    ...(isEmpty ? ["No key is on it: without one the app lets nobody in."] : []),
    "At Vercel, give it what stands after the = and deploy again:",
    "  npx vercel@60.1.3 env add ACCESS_KEYS production --force",
    "  npx vercel@60.1.3 deploy --prod",
    "At home, restart: npm run up",
  ];
}
