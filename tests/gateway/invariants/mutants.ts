/** Doors that lack what holds an invariant: each change of the text, by what is missing then. */
import type { InvariantName, ServerKind } from "../../../gateway/invariants.ts";
import { type Change, changed } from "./doors.ts";
import { caddyMutants } from "./mutants-caddy.ts";
import { nginxMutants } from "./mutants-nginx.ts";

/** By what is wrong with it. */
export type Mutants = Readonly<Record<string, Change>>;
export type MutantsOf = Readonly<Record<InvariantName, Mutants>>;

/** In place of the first such text, another; none at all when left out. */
export function instead(of: string | RegExp, put = ""): Change {
  return { config: (text) => text.replace(of, () => put) };
}

export function insteadInKeys(of: string | RegExp, put = ""): Change {
  return { keys: (text) => text.replace(of, () => put) };
}

/** Two changes of the configuration. */
export function both(first: Change, second: Change): Change {
  return { config: (text) => changed(changed(text, first.config), second.config) };
}

/** A line that begins with this, whatever its depth and its rest. */
export function line(start: string): RegExp {
  const escaped = start.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  return new RegExp(`\\t+${escaped}.*\\n`);
}

/** The first of such texts after another. */
export function insteadAfter(start: string, of: RegExp, put = ""): Change {
  return {
    config(text) {
      const index = text.indexOf(start);
      if (index < 0) throw new Error(`"${start}" is not in the text.`);
      return text.slice(0, index) + text.slice(index).replace(of, () => put);
    },
  };
}

/** @param version of the server, as it prints it */
export function mutantsOf(kind: ServerKind, version: string): MutantsOf {
  return kind === "nginx" ? nginxMutants : caddyMutants(version);
}
