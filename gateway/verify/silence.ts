/** Whether a long silence of the model is borne: a minute is what many proxies allow. */
import { randomBytes } from "node:crypto";
import { bad, type CheckDefinition, good, NotTelling, reasonOf, type Verdict } from "./check.ts";
import { echoBody } from "./echo.ts";
import type { Subject } from "./subject.ts";
import { askCopy, running } from "./upstream.ts";

const MARGIN_MS = 5_000;
const WHERE = {
  "silent-before": "before the first word",
  "silent-within": "amid a reply",
} as const;

/** What went wrong, or nothing. */
async function bear(subject: Subject, manner: keyof typeof WHERE): Promise<string[]> {
  const config = await running(subject, "a silence");
  const body = echoBody(manner, randomBytes(8).toString("hex"));
  const one = { method: "POST", path: "/api/chat", body };
  try {
    const answer = await askCopy(subject, config, one, subject.silenceMs + MARGIN_MS);
    if (answer.status === 401)
      throw new NotTelling("the config does not know the key that was given");
    if (answer.status !== 200) return [`${WHERE[manner]}: answered ${answer.status}`];
    // A silence within ends with a second record; a proxy that gave up left it out.
    const isWhole = manner === "silent-before" || answer.body.split("\n").length > 2;
    return isWhole ? [] : [`${WHERE[manner]}: cut without a word`];
  } catch (thrown) {
    if (thrown instanceof NotTelling) throw thrown;
    return [`${WHERE[manner]}: ${reasonOf(thrown)}`];
  }
}

async function run(subject: Subject): Promise<Verdict> {
  if (!subject.isSlow) throw new NotTelling("takes over a minute: --slow tries it");
  const config = await subject.config;
  if (typeof config === "string" && subject.configFile === undefined)
    throw new NotTelling("no engine is silent at will: with --config FILE an echo is");
  const found = await Promise.all([bear(subject, "silent-before"), bear(subject, "silent-within")]);
  const faults = found.flat();
  const fix =
    "Allow ten minutes: read_body_idle and write_idle in Caddy, proxy_read_timeout 600s in nginx.";
  if (faults.length > 0) return bad(faults.join("; "), fix);
  return good(
    `${Math.round(subject.silenceMs / 100) / 10} s before the first word and amid a reply`,
  );
}

export const SILENCE_CHECKS: readonly CheckDefinition[] = [
  { name: "silence", title: "A silence of over a minute is borne", run },
];
