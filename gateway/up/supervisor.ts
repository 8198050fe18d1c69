import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Ending, Household, Member, Program } from "./household.ts";
import { lastLines } from "./log-tail.ts";
import { Problem } from "./problem.ts";

/** A program that is to run as long as `up` does. */
export interface Service extends Program {
  /** Whether it does its work. Asked again and again; a throw counts as no. */
  readonly isReady: () => Promise<boolean>;
  /** Asked each time it is ready, with its process id; throws when what answers is not it alone. */
  readonly confirm?: (pid: number) => Promise<void>;
  /** How long it may take until then. */
  readonly patienceMs: number;
  /** The one thing to do when it cannot be started. */
  readonly fix: string;
}

const ASK_EVERY_MS = 40;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;
/** A service that ran this long was well; the next wait begins from the shortest again. */
const WELL_MS = 30_000;

/** In words: how it ended. */
function describe({ code, signal }: Ending): string {
  return signal === null ? `exit code ${code ?? "unknown"}` : signal;
}

async function waitUntilReady(service: Service, member: Member): Promise<void> {
  const deadline = performance.now() + service.patienceMs;
  while (performance.now() < deadline) {
    const ending = member.ending();
    if (ending !== undefined) {
      const how = describe(ending);
      throw new Problem(
        `${service.name} ended as soon as it started (${how}).`,
        service.fix,
        lastLines(service.logFile),
      );
    }
    // Not there yet is what a refused connection says.
    if (await service.isReady().catch(() => false)) return service.confirm?.(member.pid);
    await delay(ASK_EVERY_MS);
  }
  const seconds = Math.round(service.patienceMs / 1000);
  throw new Problem(
    `${service.name} did not answer within ${seconds} s.`,
    service.fix,
    lastLines(service.logFile),
  );
}

/**
 * Starts a service, waits until it is ready, and from then on starts it again whenever it ends, with
 * a growing wait between, until the household is closed.
 *
 * @throws Problem when it does not become ready the first time
 */
export async function superviseService(
  household: Household,
  service: Service,
  options: Watching,
): Promise<void> {
  writeFileSync(service.logFile, "", { mode: 0o600 });
  const first = await household.start(service);
  try {
    await waitUntilReady(service, first);
  } catch (error) {
    await household.end(first);
    throw error;
  }
  keepAlive(household, service, { ...options, first }).catch((error: unknown) => {
    options.say(`${service.name} is watched no longer: ${String(error)}`);
  });
}

/** How services are watched. */
export interface Watching {
  /** Told when a service ended and when it is back. */
  readonly say: (line: string) => void;
  /** Called when a service is back, with another process id. */
  readonly onBack: () => void;
}

interface Watch extends Watching {
  readonly first: Member;
}

async function keepAlive(household: Household, service: Service, watch: Watch): Promise<void> {
  const { say } = watch;
  const { closing } = household;
  let member: Member | undefined = watch.first;
  let wait = FIRST_WAIT_MS;
  while (!closing.aborted) {
    if (member !== undefined) {
      const since = performance.now();
      const ending = await member.ended;
      // What it started may still hold its port.
      await household.end(member);
      if (closing.aborted) return;
      if (performance.now() - since > WELL_MS) wait = FIRST_WAIT_MS;
      const seconds = (wait / 1000).toFixed(wait < 1000 ? 2 : 0);
      say(`${service.name} ended (${describe(ending)}); starting it again in ${seconds} s.`);
    }
    await delay(wait, undefined, { signal: closing }).catch(() => undefined);
    if (closing.aborted) return;
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    member = await startAgain(household, service, watch);
  }
}

/** One more try; undefined when it did not become ready. */
async function startAgain(
  household: Household,
  service: Service,
  { say, onBack }: Watch,
): Promise<Member | undefined> {
  let member: Member | undefined;
  try {
    member = await household.start(service);
    await waitUntilReady(service, member);
    say(`${service.name} is back.`);
    onBack();
    return member;
  } catch (error) {
    if (household.closing.aborted) return undefined;
    say(
      error instanceof Problem
        ? `${error.message} ${error.fix}`
        : `${service.name}: ${String(error)}`,
    );
    if (member !== undefined) await household.end(member);
    return undefined;
  }
}
