/**
 * What every door must hold, whichever server it runs on, as data. tests/gateway/invariants/ tries
 * each for real on each server that can hold it, and on a door that lacks what holds it.
 */

/** The servers that a door is rendered for; Caddy counts requests only with the plugin rate_limit. */
export const SERVER_KINDS = ["caddy", "caddyWithLimits", "nginx"] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

export interface Invariant {
  /** What would happen where it does not hold. */
  readonly why: string;
  /** By kind of server that cannot hold it: the reason. */
  readonly notPossible?: Readonly<Partial<Record<ServerKind, string>>>;
}

const CANNOT_COUNT = { caddy: "counts nothing without the plugin rate_limit" } as const;

export const INVARIANTS = {
  "deny-by-default": {
    why: "Whoever has no key must not even learn which paths there are, nor reach Ollama by one that was forgotten.",
  },
  "key-required": {
    why: "Without the key, or with it in another place than its own header, anyone on the Internet could use the GPU.",
  },
  "key-well-formed": {
    why: "A wildcard, a part of the key, another case or two keys in one line would open the door to those who guess.",
  },
  "key-single": {
    why: "Of two headers of one name one program reads the first and another the second: neither is a key.",
    notPossible: { nginx: "before 1.23 it sees only the first of several headers of one name" },
  },
  "empty-key-safe": {
    why: "A key that is empty or unset by mistake must lock the door, and not open it to those who send none.",
  },
  "secrets-stay": {
    why: "What proves who asks is no business of the engine: its logs and its models are others' to read.",
  },
  "host-rewritten": {
    why: "Ollama answers an unknown Host by an empty 403.",
  },
  "addresses-true": {
    why: "An address that its caller may choose makes logs and limits worthless.",
  },
  "paths-by-list": {
    why: "Pulling, deleting and signing out are the owner's, however their paths are spelled.",
  },
  "no-upgrade": {
    why: "No list of paths applies to a connection that has become something else.",
  },
  "no-buffering": {
    why: "A person reads while the model writes.",
  },
  "abort-propagates": {
    why: "An answer that nobody waits for any more keeps the GPU from the next one.",
  },
  "access-log-secret-free": {
    why: "Logs are copied, kept and shown to others: a key in them is given away, a wrong guess is often another's key.",
  },
  "error-log-secret-free": {
    why: "When Ollama is away, servers write down the whole request, and the key with it.",
  },
  "limits-by-caller": {
    why: "One caller's program that runs wild must not take the others' turn, nor count by an address that many share.",
    notPossible: CANNOT_COUNT,
  },
  "bad-keys-slowed": {
    why: "Who guesses keys may not guess fast, and must not lock out those who have one.",
    notPossible: CANNOT_COUNT,
  },
  "health-open": {
    why: "Anyone may ask whether the door is there, and learns nothing else by it.",
  },
  "bodies-capped": {
    why: "A body without end fills memory and disk, but a conversation with pictures is 4 MB.",
  },
  "reload-keeps-streams": {
    why: "Changing a key must not cut the answers that run, and must take hold.",
  },
  "cors-exact": {
    why: "A browser shows an answer only with exactly one header for its page, and to no other page.",
  },
} as const satisfies Record<string, Invariant>;

export type InvariantName = keyof typeof INVARIANTS;

/** All of them, in the order above. */
export function invariantNames(): readonly InvariantName[] {
  const isName = (name: string): name is InvariantName => Object.hasOwn(INVARIANTS, name);
  return Object.keys(INVARIANTS).filter((name) => isName(name));
}

/** Why a server of that kind cannot hold it; undefined where it can, and so must. */
export function whyNotPossible(name: InvariantName, kind: ServerKind): string | undefined {
  const { notPossible }: Invariant = INVARIANTS[name];
  return notPossible?.[kind];
}
