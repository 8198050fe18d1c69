import { ROUTES } from "../../lib/contract.ts";
import type { Release } from "../../lib/store/records.ts";

/** Milliseconds before each look: about three seconds in all. */
const WAITS_MS = [30, 100, 250, 500, 900, 1200] as const;
const PATIENCE_MS = 3500;

export interface ReleaseQuestion {
  /** Undefined: the app never told one, and so nobody can be asked. */
  readonly requestId: string | undefined;
  /** Ends the asking without a further word. */
  readonly signal: AbortSignal;
  readonly fetch?: typeof fetch;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * What becomes known of the GPU after Stop: `asked` at once, then `released`, or `unknown` when the app did not tell
 * within about three seconds. Never throws.
 */
export async function* followRelease(question: ReleaseQuestion): AsyncGenerator<Release, void> {
  yield { state: "asked" };
  const { requestId, signal } = question;
  const release = requestId === undefined ? undefined : await find(requestId, question);
  if (!signal.aborted) yield release ?? { state: "unknown" };
}

async function find(
  requestId: string,
  { signal, fetch: ask = fetch, wait = pause }: ReleaseQuestion,
): Promise<Release | undefined> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const url = `${ROUTES.requests}/${encodeURIComponent(requestId)}`;
  for (const ms of WAITS_MS) {
    await wait(ms, patience);
    if (patience.aborted) return undefined;
    const told = await look(url, patience, ask);
    if (told === "over") return undefined;
    if (told === "unasked") return { state: "unasked" };
    if (told !== undefined) return { state: "released", ms: told };
  }
  return undefined;
}

/**
 * The milliseconds until the release; `unasked`: the model was never asked, so there was nothing to release; `over`:
 * the answer had another end, of which no release is told;
 * undefined: not yet, or not to be had by this look.
 */
async function look(
  url: string,
  signal: AbortSignal,
  ask: typeof fetch,
): Promise<number | "over" | "unasked" | undefined> {
  try {
    const response = await ask(url, { signal, cache: "no-store" });
    if (!response.ok) return undefined;
    const body: unknown = await response.json();
    if (typeof body !== "object" || body === null) return undefined;
    const { state, releasedMs }: Record<string, unknown> = { ...body };
    if (state === "done" || state === "failed") return "over";
    if (state !== "stopped") return undefined;
    return typeof releasedMs === "number" ? releasedMs : "unasked";
  } catch {
    // The app is out of reach for the moment; the next look may reach it.
    return undefined;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
