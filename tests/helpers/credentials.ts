import { createHash, randomBytes } from "node:crypto";

/** Secrets made anew for one chain of servers. */
export interface Credentials {
  readonly doorKey: string;
  readonly accessKey: string;
  /** The app's variables that let `accessKey` in, as the owner. */
  readonly appEnv: Readonly<Record<string, string>>;
}

export function makeCredentials(): Credentials {
  const doorKey = randomBytes(32).toString("hex");
  const accessKey = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(accessKey).digest("hex");
  return {
    doorKey,
    accessKey,
    appEnv: {
      ACCESS_KEYS: `owner:owner:${hash}`,
      SESSION_SECRET: randomBytes(32).toString("hex"),
    },
  };
}
