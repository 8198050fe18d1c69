import type { Role } from "./access-keys.ts";
import type { EnvironmentValues } from "./config-fields.ts";

/** What a role may do. */
export interface RoleLimits {
  /** 0: no limit. */
  readonly requestsPerMinute: number;
  /** 0: no limit. */
  readonly tokensPerDay: number;
  /** Names, or prefixes that end in `*`; undefined: every local model. */
  readonly allowedModels?: readonly string[];
}

type Counts = Pick<RoleLimits, "requestsPerMinute" | "tokensPerDay">;

const DEFAULTS: Readonly<Record<Role, Counts>> = {
  owner: { requestsPerMinute: 30, tokensPerDay: 0 },
  member: { requestsPerMinute: 30, tokensPerDay: 0 },
  guest: { requestsPerMinute: 10, tokensPerDay: 20_000 },
};

const SUFFIX = { owner: "OWNER", member: "MEMBER", guest: "GUEST" } as const;

/** The limits and models of each role; a role's own variable wins over the general one. */
export function rolesOf(values: EnvironmentValues): Readonly<Record<Role, RoleLimits>> {
  const limitsOf = (role: Role): RoleLimits => {
    const suffix = SUFFIX[role];
    const initial = DEFAULTS[role];
    const general = (wanted: number | undefined, usual: number): number =>
      role === "guest" ? stricter(wanted ?? usual, usual) : (wanted ?? usual);
    const allowedModels = values[`ALLOWED_MODELS_${suffix}`] ?? values.ALLOWED_MODELS;
    return {
      requestsPerMinute:
        values[`REQUESTS_PER_MINUTE_${suffix}`] ??
        general(values.REQUESTS_PER_MINUTE, initial.requestsPerMinute),
      tokensPerDay:
        values[`TOKENS_PER_DAY_${suffix}`] ?? general(values.TOKENS_PER_DAY, initial.tokensPerDay),
      ...(allowedModels === undefined ? {} : { allowedModels }),
    };
  };
  return { owner: limitsOf("owner"), member: limitsOf("member"), guest: limitsOf("guest") };
}

/**
 * Guests may be strangers: the general variable may lower what they get, and only their own raises it.
 * 0 is no limit.
 */
function stricter(left: number, right: number): number {
  if (left === 0 || right === 0) return Math.max(left, right);
  return Math.min(left, right);
}
