/** Whether a config passes a stop on at once, before the first word as well, which a model shows less surely. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { open } from "./ask.ts";
import { bad, type CheckDefinition, good, NotTelling, type Verdict } from "./check.ts";
import type { ConfigRun } from "./config-run.ts";
import { echoBody } from "./echo.ts";
import { STOP_FIX } from "./stream.ts";
import { keyHeader, type Subject } from "./subject.ts";
import { running } from "./upstream.ts";

const PROMPT_MS = 2_500;

/** Begins what never ends, leaves, and looks whether the echo is left too. */
async function leave(subject: Subject, config: ConfigRun, manner: string): Promise<boolean> {
  const word = randomBytes(8).toString("hex");
  const { key = "" } = subject;
  const body = echoBody(manner, word);
  const one = { method: "POST", path: "/api/chat", headers: [keyHeader(key)], body };
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, subject.signal]);
  const opened = open(config.target, one, { signal });
  // It is left on purpose.
  opened.catch(() => undefined);
  const arrival = await Promise.race([
    config.echo.arrival(word, subject.signal),
    sleep(PROMPT_MS, undefined, { ref: false }),
  ]);
  if (arrival === undefined) throw new NotTelling("the config does not let a chat through");
  if (manner === "hang-within") (await opened).close();
  leaving.abort();
  const isLate = await Promise.race([arrival.closed, sleep(PROMPT_MS, "late", { ref: false })]);
  return isLate !== "late";
}

async function run(subject: Subject): Promise<Verdict> {
  const config = await running(subject, "a stop before the first word");
  if (subject.key === undefined) throw new NotTelling("the door's key is not known here");
  const [before, within] = await Promise.all(
    ["hang-before", "hang-within"].map((manner) => leave(subject, config, manner)),
  );
  if (before === false) return bad("a stop before the first word does not reach Ollama", STOP_FIX);
  if (within === false) return bad("a stop amid a reply does not reach Ollama", STOP_FIX);
  return good("before the first word and amid a reply, a stop reached the echo");
}

export const LEAVE_CHECKS: readonly CheckDefinition[] = [
  { name: "stop-passed-on", title: "A stop is passed on at once", run },
];
