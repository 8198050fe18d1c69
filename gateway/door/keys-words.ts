import { sha256Hex } from "../keys.ts";
import { localUrl } from "../init/words.ts";
import type { Callers, Changed } from "./change-door.ts";
import { APP, currentKey, type DoorKey } from "./key-store.ts";

/** So much of its SHA-256 tells a key from another, and nothing about it. */
const PRINT_LENGTH = 8;

/** Tells a key without showing it: 8 hex digits of its SHA-256. */
export const printOf = (key: string): string => sha256Hex(key).slice(0, PRINT_LENGTH);

/** One caller, as `keys list` tells it. */
export interface Told {
  readonly name: string;
  /** ISO 8601; null: it has no key. */
  readonly since: string | null;
  readonly print: string | null;
  /** The keys it had before, while they are good. */
  readonly old: readonly { readonly print: string; readonly until: string }[];
}

const tellOld = ({ key, until }: DoorKey) =>
  until === undefined ? [] : [{ print: printOf(key), until }];

/** The callers in the order of the description. */
export function tellCallers({ names, keys }: Callers): readonly Told[] {
  return names.map((name) => {
    const current = currentKey(keys, name);
    return {
      name,
      since: current?.since ?? null,
      print: current === undefined ? null : printOf(current.key),
      old: (keys.get(name) ?? []).flatMap(tellOld),
    };
  });
}

/** To the minute, in UTC. */
export const minuteOf = (iso: string): string =>
  iso.slice(0, "2026-01-01T00:00".length).replace("T", " ");

/** A table of callers; no key. */
export function describeCallers(told: readonly Told[]): string[] {
  const width = Math.max("NAME".length, ...told.map(({ name }) => name.length));
  const row = (name: string, since: string, print: string): string =>
    `${name.padEnd(width)}  ${since.padEnd("2026-01-01 00:00".length)}  ${print}`.trimEnd();
  return [
    row("NAME", "SINCE (UTC)", "KEY'S SHA-256"),
    ...told.flatMap(({ name, since, print, old }) => [
      row(name, since === null ? "no key" : minuteOf(since), print ?? ""),
      ...old.map((one) => row("", `until ${minuteOf(one.until).slice(5)}`, `${one.print} (old)`)),
    ]),
  ];
}

/** The key itself, this once. */
export const keyText = (name: string, key: string): string[] => [
  `The key of "${name}", shown this once:`,
  "",
  `  ${key}`,
  "",
];

const AT_VERCEL = [
  "  npx vercel@60.1.3 env add OLLAMA_API_KEY production --force",
  "  npx vercel@60.1.3 deploy --prod",
];

/** What is to be done where the app's key has changed; nothing for another caller's. */
export function appText(name: string, isUp: boolean): string[] {
  if (name !== APP) return [];
  return [
    "The deployed app holds the old one. At Vercel, give it the new one, then deploy:",
    ...AT_VERCEL,
    ...(isUp
      ? [
          "The chat that runs here holds the old one too. Restart it:",
          "  npm run latchkey -- stop",
          "  npm run up",
        ]
      : []),
  ];
}

/** What breaks when the app itself is taken out. */
export function withoutAppText(name: string): string[] {
  if (name !== APP) return [];
  return [
    "The deployed app held this key: from now on the door refuses it.",
    "At Vercel, give it the key of another caller, then deploy:",
    ...AT_VERCEL,
  ];
}

/** When a change is in force. */
export function forceText({ force, spec }: Pick<Changed, "force" | "spec">): string {
  const words: Readonly<Record<Changed["force"], string>> = {
    taken: "The running door has taken the change; no stream was broken.",
    left: `What listens at ${new URL(localUrl(spec)).host} has not taken the change. If it is this door, started by hand, end it and start it again: until then the old keys still pass.`,
    none: "No door runs: it is in force from the next start.",
  };
  return words[force];
}
