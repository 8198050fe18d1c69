type Version = readonly [number, number, number];

/** Options that not every Caddy knows; an unknown option is an error in a Caddyfile. */
const SINCE = {
  /** `persist_config off`: no copy of the running configuration, keys and all, on disk. */
  persistConfig: [2, 7, 0],
  /** `fallback_sni`: a certificate for those who ask for a name that is none of the door's. */
  fallbackName: [2, 7, 0],
  /** Idle limits for bodies, which must be longer than a model thinks. */
  idleTimeouts: [2, 11, 5],
} as const satisfies Record<string, Version>;

export type CaddyFeature = keyof typeof SINCE;

/** `v2.11.9 h1:...` or `2.6.2` -> its three numbers; undefined for a build that does not say. */
export function parseCaddyVersion(text: string): Version | undefined {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text.trim()) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return [Number(major), Number(minor), Number(patch)];
}

/** Whether that Caddy knows the option. A build that does not say its version gets only what all know. */
export function caddyKnows(version: string, feature: CaddyFeature): boolean {
  const have = parseCaddyVersion(version);
  if (have === undefined) return false;
  const [major, minor, patch] = SINCE[feature];
  return (have[0] - major || have[1] - minor || have[2] - patch) >= 0;
}
