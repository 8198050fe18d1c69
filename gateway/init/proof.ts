import { publicUrl } from "./words.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import type { Environment } from "../up/environment.ts";
import { Problem } from "../up/problem.ts";
import type { Check } from "../verify/check.ts";
import { summaryOf } from "../verify/report.ts";
import { ALL_CHECKS, runAll } from "../verify/run.ts";
import { shakeHands } from "../verify/trust.ts";
import { findWish } from "../verify/wish.ts";

export interface Proof {
  readonly url: string;
  /** Empty where the door cannot be proved yet. */
  readonly checks: readonly Check[];
  /** In a line. */
  readonly summary: string;
}

const titles: ReadonlyMap<string, string> = new Map(
  ALL_CHECKS.map(({ name, title }) => [name, title] as const),
);

function failureOf(failed: readonly Check[]): Problem {
  const lines = failed.map(({ name, seen }) => `  ${titles.get(name) ?? name}: ${seen}`);
  const [first] = failed;
  return new Problem(`The door is not as it should be:\n${lines.join("\n")}`, first?.fix ?? "");
}

/**
 * Knocks at the door that was started, as `verify` does. A certificate for a name comes only once the
 * router sends port 443 here: until then there is nothing that could be proved.
 *
 * @throws Problem with everything that is wrong
 */
export async function proveStarted(
  spec: GatewaySpec,
  home: string,
  env: Environment,
): Promise<Proof> {
  const own = {
    url: undefined,
    keyEnv: undefined,
    keyFile: undefined,
    log: undefined,
    app: undefined,
    config: undefined,
    isSlow: false,
  };
  const found = await findWish(own, home, env);
  const outside = spec.tls === "automatic" ? publicUrl(spec) : undefined;
  const wish = outside === undefined ? found : { ...found, url: new URL(outside) };
  const url = wish.url.origin;
  if (outside !== undefined && !(await shakeHands(wish.url, undefined)).isTrusted) {
    const summary = "not yet: its certificate comes once the router sends port 443 here";
    return { url, checks: [], summary };
  }
  const checks = await runAll(wish, env);
  const failed = checks.filter(({ ok }) => ok === false);
  if (failed.length > 0) throw failureOf(failed);
  return { url, checks, summary: summaryOf(checks) };
}
