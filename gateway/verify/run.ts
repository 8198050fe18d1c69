/** Runs the checks: those that do not disturb each other at once, the others one after the other. */
import { APP_CHECKS } from "./app.ts";
import type { Target } from "./ask.ts";
import { BODY_CHECKS } from "./bodies.ts";
import {
  bad,
  type Check,
  type CheckDefinition,
  NotTelling,
  reasonOf,
  untold,
  type Verdict,
} from "./check.ts";
import { type ConfigRun, runConfig } from "./config-run.ts";
import { CORS_CHECKS } from "./cors.ts";
import { LEAVE_CHECKS } from "./leave.ts";
import { LIMIT_CHECKS } from "./limits.ts";
import { listenersFor, openSockets } from "./listeners.ts";
import { FILE_CHECKS, LOCK_CHECKS } from "./lock.ts";
import { familyOf, sizeOf } from "./log-files.ts";
import { leaveMarks, LOG_CHECKS } from "./logs.ts";
import { NETWORK_CHECKS } from "./network.ts";
import { FORBIDDEN_PATH_CHECK, PATH_CHECKS } from "./paths.ts";
import { SILENCE_CHECKS } from "./silence.ts";
import { STREAM_CHECKS } from "./stream.ts";
import type { Subject, Wish } from "./subject.ts";
import { isThisComputer, portNumber, shakeHands } from "./trust.ts";
import { UPSTREAM_CHECKS } from "./upstream.ts";

const LONGEST_MS = 13_000;
/** What a model may take of it: one that says nothing must leave time for the rest. */
const STREAM_MS = 7_000;
/** What the slow ones take besides their silence. */
const SLOW_MARGIN_MS = 25_000;

/** What `up` asks of a door it has just started. */
const QUICK_CHECKS: readonly CheckDefinition[] = [...LOCK_CHECKS, FORBIDDEN_PATH_CHECK];

/** All of them, in the order they are told. */
export const ALL_CHECKS: readonly CheckDefinition[] = [
  ...LOCK_CHECKS,
  ...FILE_CHECKS,
  ...PATH_CHECKS,
  ...NETWORK_CHECKS,
  ...UPSTREAM_CHECKS,
  ...LEAVE_CHECKS,
  ...CORS_CHECKS,
  ...STREAM_CHECKS,
  ...SILENCE_CHECKS,
  ...BODY_CHECKS,
  ...LIMIT_CHECKS,
  ...LOG_CHECKS,
  ...APP_CHECKS,
];

const START_FIX = "Start the door: npm run up.";

/** A check's verdict, whatever it throws. */
export async function verdictOf({ run }: CheckDefinition, subject: Subject): Promise<Verdict> {
  try {
    return await run(subject);
  } catch (thrown) {
    if (thrown instanceof NotTelling) return untold(thrown.message);
    if (subject.signal.aborted) return untold("there was no time left for it");
    return bad(`no answer: ${reasonOf(thrown)}`, START_FIX);
  }
}

type Verdicts = Map<string, Verdict>;

async function runOne(check: CheckDefinition, subject: Subject, into: Verdicts): Promise<void> {
  into.set(check.name, await verdictOf(check, subject));
}

async function together(checks: readonly CheckDefinition[], subject: Subject, into: Verdicts) {
  await Promise.all(checks.map((check) => runOne(check, subject, into)));
}

async function inTurn(checks: readonly CheckDefinition[], subject: Subject, into: Verdicts) {
  for (const check of checks) await runOne(check, subject, into);
}

function toldOf(definitions: readonly CheckDefinition[], verdicts: Verdicts): Check[] {
  return definitions.map(({ name }) => ({ name, ...(verdicts.get(name) ?? untold("not tried")) }));
}

const CLEAR = "the key is not sent in clear: the door needs https";
const UNTRUSTED = "the key is not sent to a certificate that is not trusted";

/** Finds out who can reach the door, and whether the key may be sent there. */
export async function meet(
  wish: Wish,
  { config, signal }: { config: Promise<ConfigRun | string>; signal: AbortSignal },
): Promise<Subject> {
  const { url, authority, logs } = wish;
  const isClear = url.protocol !== "https:";
  const tls = isClear ? undefined : await shakeHands(url, authority);
  const listeners = await listenersFor(url, portNumber(url));
  const isOpen = listeners !== undefined && openSockets(listeners).length > 0;
  const mayShow = isClear ? isThisComputer(url) : tls?.isTrusted === true;
  const target: Target = { url, authority, refusesUntrusted: tls?.isTrusted === true };
  const families = await Promise.all([...logs.access, ...logs.error].map(familyOf));
  const sizes = await Promise.all(
    families.flat().map(async (path) => [path, await sizeOf(path)] as const),
  );
  return {
    ...wish,
    target,
    reach: isOpen || !isThisComputer(url) ? "beyond" : "loopback",
    keyRefusal: mayShow ? undefined : isClear ? CLEAR : UNTRUSTED,
    tls,
    listeners,
    config,
    logSizes: new Map(sizes),
    wrongKeys: [],
    signal,
  };
}

/** Whether anything at all answered in HTTP. */
function isThere(verdicts: Verdicts): boolean {
  return [...verdicts.values()].some(
    ({ ok, fix }) => ok === true || (ok === false && fix !== START_FIX),
  );
}

/**
 * Runs the checks that `up` asks for.
 *
 * @throws never for what it finds
 */
export async function runQuick(wish: Wish, signal: AbortSignal): Promise<readonly Check[]> {
  const subject = await meet(wish, { config: Promise.resolve("not run"), signal });
  const verdicts: Verdicts = new Map();
  await together(QUICK_CHECKS, subject, verdicts);
  return toldOf(QUICK_CHECKS, verdicts);
}

/** Nothing that a slow model takes is taken from the other checks. */
function hurried(subject: Subject): Subject {
  const signal = AbortSignal.any([subject.signal, AbortSignal.timeout(STREAM_MS)]);
  return { ...subject, signal };
}

async function runRest(subject: Subject, verdicts: Verdicts): Promise<void> {
  await Promise.all([
    together(
      [...FILE_CHECKS, ...NETWORK_CHECKS, ...UPSTREAM_CHECKS, ...LEAVE_CHECKS],
      subject,
      verdicts,
    ),
    inTurn(PATH_CHECKS, subject, verdicts),
    inTurn(STREAM_CHECKS, hurried(subject), verdicts),
  ]);
  await Promise.all([
    // The app asks the same model.
    together([...APP_CHECKS, ...SILENCE_CHECKS], subject, verdicts),
    runDisturbing(subject, verdicts),
  ]);
}

/** These keep the door and this process busy, which would look like a stream that stutters. */
async function runDisturbing(subject: Subject, verdicts: Verdicts): Promise<void> {
  await inTurn(BODY_CHECKS, subject, verdicts);
  // A door that ended meanwhile shows in the checks.
  await leaveMarks(subject).catch(() => undefined);
  await inTurn([...LIMIT_CHECKS, ...LOG_CHECKS], subject, verdicts);
}

/** Runs all checks. @throws never for what it finds */
export async function runAll(
  wish: Wish,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly Check[]> {
  const signal = AbortSignal.timeout(wish.isSlow ? wish.silenceMs + SLOW_MARGIN_MS : LONGEST_MS);
  const { configFile, programs, silenceMs } = wish;
  const config =
    configFile === undefined
      ? Promise.resolve("none given")
      : runConfig(configFile, { env: { ...env, ...programs }, silenceMs });
  try {
    const subject = await meet(wish, { config, signal });
    const verdicts: Verdicts = new Map();
    // Not beside each other: trying every path may use up what the door grants to strangers.
    await together(CORS_CHECKS, subject, verdicts);
    await together(LOCK_CHECKS, subject, verdicts);
    if (isThere(verdicts)) {
      await runRest(subject, verdicts);
      return toldOf(ALL_CHECKS, verdicts);
    }
    // Said once: there is one thing to do.
    const said = LOCK_CHECKS.find(({ name }) => verdicts.get(name)?.ok === false);
    for (const { name } of ALL_CHECKS)
      if (name !== said?.name) verdicts.set(name, untold("the door does not answer"));
    return toldOf(ALL_CHECKS, verdicts);
  } finally {
    const run = await config;
    if (typeof run !== "string") await run.close();
  }
}
