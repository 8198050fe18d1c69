/** Which check tries which invariant, and on what kind of door. */
import type { InvariantName } from "../../../gateway/invariants.ts";
import { bodiesCapped } from "./bodies.ts";
import { corsExact } from "./cors.ts";
import { addressesTrue, hostRewritten, secretsStay } from "./forwarding.ts";
import { badKeysSlowed, limitsByCaller } from "./limits.ts";
import {
  denyByDefault,
  emptyKeySafe,
  healthOpen,
  keyRequired,
  keySingle,
  keyWellFormed,
} from "./lock.ts";
import { logsSecretFree } from "./logs.ts";
import { noUpgrade, pathsByList } from "./paths.ts";
import type { Check, FurnishingName } from "./room.ts";
import { abortPropagates, noBuffering, reloadKeepsStreams } from "./streams.ts";

export const CHECKS: Readonly<
  Record<InvariantName, { readonly furnishing: FurnishingName; readonly check: Check }>
> = {
  "deny-by-default": { furnishing: "plain", check: denyByDefault },
  "key-required": { furnishing: "plain", check: keyRequired },
  "key-well-formed": { furnishing: "plain", check: keyWellFormed },
  "key-single": { furnishing: "plain", check: keySingle },
  "empty-key-safe": { furnishing: "changing", check: emptyKeySafe },
  "secrets-stay": { furnishing: "plain", check: secretsStay },
  "host-rewritten": { furnishing: "engine", check: hostRewritten },
  "addresses-true": { furnishing: "plain", check: addressesTrue },
  "paths-by-list": { furnishing: "plain", check: pathsByList },
  "no-upgrade": { furnishing: "plain", check: noUpgrade },
  "no-buffering": { furnishing: "plain", check: noBuffering },
  "abort-propagates": { furnishing: "engine", check: abortPropagates },
  "access-log-secret-free": { furnishing: "plain", check: logsSecretFree },
  "error-log-secret-free": { furnishing: "dead", check: logsSecretFree },
  "limits-by-caller": { furnishing: "callers", check: limitsByCaller },
  "bad-keys-slowed": { furnishing: "strangers", check: badKeysSlowed },
  "health-open": { furnishing: "dead", check: healthOpen },
  "bodies-capped": { furnishing: "plain", check: bodiesCapped },
  "reload-keeps-streams": { furnishing: "changing", check: reloadKeepsStreams },
  "cors-exact": { furnishing: "pages", check: corsExact },
};
