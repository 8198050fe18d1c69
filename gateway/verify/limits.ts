/** Whether guessing keys is slowed. Runs last: it uses up what the door grants to strangers. */
import { bad, type CheckDefinition, good, NotTelling, type Verdict } from "./check.ts";
import { MODELS_PATH } from "./lock.ts";
import { pooled } from "./pooled.ts";
import { enter, keyHeader, knock, makeWrongKey, type Subject } from "./subject.ts";

/** More than any usual limit of a minute. */
const USUAL_BURST = 60;
const LARGEST_BURST = 300;
const FIX = "Limit bad keys by address: a Caddy with the rate-limit plugin, or nginx's limit_req.";

function burstFor({ spec }: Subject): number {
  const limit = spec?.limits.badKeysPerMinute ?? 0;
  if (limit + 20 > LARGEST_BURST)
    throw new NotTelling(`the door grants ${limit} bad keys a minute: too many to try`);
  return Math.max(USUAL_BURST, limit + 20);
}

/** The door of this folder may be one that cannot limit; the app's own limit is told of then. */
function withoutLimit(subject: Subject, seen: string): Verdict {
  if (subject.spec?.limits.badKeysPerMinute === 0)
    throw new NotTelling("the door's description sets no limit: the app's is the only one");
  if (subject.reach === "beyond" && subject.spec === undefined) return bad(seen, FIX);
  throw new NotTelling(`${seen}: the app's limit is the only one`);
}

async function runBadKeys(subject: Subject): Promise<Verdict> {
  const tries = Array.from({ length: burstFor(subject) }, () => makeWrongKey(subject));
  const statuses = await pooled(
    tries,
    async (key) => (await knock(subject, { path: MODELS_PATH, headers: [keyHeader(key)] })).status,
    16,
  );
  const isSlowed = statuses.includes(429);
  if (!isSlowed)
    return withoutLimit(subject, `${tries.length} bad keys in a row were each answered`);
  const first = statuses.indexOf(429);
  if (subject.key === undefined || subject.keyRefusal !== undefined)
    return good(`429 after ${first} bad keys; the right one was not tried`);
  const { status } = await enter(subject, { path: MODELS_PATH });
  if (status !== 401 && status !== 403)
    return good(`429 after ${first} bad keys; the right one gets ${status}`);
  return bad(
    `the right key gets ${status} after bad ones`,
    "Limit bad keys apart from the right one.",
  );
}

/** A limit that hits the right key as well would let any stranger lock the app out. */
async function run(subject: Subject): Promise<Verdict> {
  try {
    return await runBadKeys(subject);
  } catch (thrown) {
    if (thrown instanceof NotTelling && thrown.message.includes("limits its caller"))
      return bad(
        "the right key gets 429 too after bad ones",
        "Limit bad keys apart from the right one.",
      );
    throw thrown;
  }
}

export const LIMIT_CHECKS: readonly CheckDefinition[] = [
  { name: "bad-keys", title: "Bad keys are slowed, the right one is not", run },
];
