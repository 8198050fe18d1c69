/** How much a caller may send. */
import { type Ask, open } from "./ask.ts";
import { bad, type CheckDefinition, good, NotTelling, reasonOf, type Verdict } from "./check.ts";
import { enter, keyHeader, rightKey, type Subject } from "./subject.ts";

const MEGABYTE = 1_000_000;
/** What the app sends at most. */
const LARGE_BYTES = 4 * MEGABYTE;
/** More than any description of a door allows. */
const ENORMOUS_BYTES = 2_200_000_000;
/** Where the door's own limit is not known. */
const USUAL_LIMIT_MEGABYTES = 32;
/** Sent beyond the limit before it counts as not there. */
const MARGIN_MEGABYTES = 8;
const LARGE_PATIENCE_MS = 8_000;
const REFUSAL_PATIENCE_MS = 2_000;

/** JSON that Ollama reads to its end and then refuses: it names no model. */
const OPENING = '{"model":"","messages":[{"role":"user","content":"';
const FILLING = "latchkey ".repeat(Math.ceil(MEGABYTE / 9)).slice(0, MEGABYTE);
const CLOSING = '"}]}';

const PATH = "/api/chat";
const LIMIT_FIX = "Limit the size of a request: request_body max_size, or client_max_body_size.";

async function runLarge(subject: Subject): Promise<Verdict> {
  const filling = FILLING.repeat(LARGE_BYTES / MEGABYTE).slice(
    0,
    LARGE_BYTES - OPENING.length - CLOSING.length,
  );
  const one: Ask = { method: "POST", path: PATH, body: `${OPENING}${filling}${CLOSING}` };
  const fix = "Let requests of 4.4 MB through: pictures are as large as that.";
  const { status } = await enter(subject, one, { patienceMs: LARGE_PATIENCE_MS });
  if (![401, 404, 413, 502, 503].includes(status)) return good(`passed; answered ${status}`);
  if (status < 502) return bad(`answered ${status}`, fix);
  // Older Caddys say 502 of what is too large; but so they do where nothing answers behind them.
  const small = await enter(subject, { method: "POST", path: PATH, body: `${OPENING}${CLOSING}` });
  if (small.status === status) throw new NotTelling(`answered ${status} to a small request too`);
  return bad(`answered ${status}`, fix);
}

/** Announces much and sends little. */
async function runAnnounced(subject: Subject): Promise<Verdict> {
  const headers = [["Content-Length", String(ENORMOUS_BYTES)] as const];
  const one = { method: "POST", path: PATH, headers: [keyHeader(rightKey(subject)), ...headers] };
  const limits = { signal: subject.signal, patienceMs: REFUSAL_PATIENCE_MS };
  try {
    const { status, close } = await open(subject.target, one, limits, async (send) => {
      await send(Buffer.from(OPENING));
      return "hold";
    });
    close();
    if (status === 413) return good("2.2 GB announced: answered 413");
    if (status === 429) throw new NotTelling("the door limits its caller now (429)");
    return bad(`2.2 GB announced: answered ${status}`, LIMIT_FIX);
  } catch (thrown) {
    if (thrown instanceof NotTelling) throw thrown;
    return bad(`2.2 GB announced: ${reasonOf(thrown)}`, LIMIT_FIX);
  }
}

/** Sends without saying how much, until the door has had enough. */
async function runChunked(subject: Subject): Promise<Verdict> {
  if (subject.reach === "beyond" && subject.listeners === undefined)
    throw new NotTelling("it would send 40 MB through the network: run it at home");
  const limit = subject.spec?.limits.bodyMegabytes ?? USUAL_LIMIT_MEGABYTES;
  if (limit > 256) throw new NotTelling(`the door takes ${limit} MB: too much to try`);
  const most = limit + MARGIN_MEGABYTES;
  const headers = [keyHeader(rightKey(subject)), ["Transfer-Encoding", "chunked"] as const];
  const limits = { signal: subject.signal, patienceMs: LARGE_PATIENCE_MS };
  const filling = Buffer.from(FILLING);
  let sent = 0;
  const write = async (send: (bytes: Uint8Array) => Promise<void>, answered: AbortSignal) => {
    await send(Buffer.from(OPENING));
    while (sent < most && !answered.aborted) {
      await send(filling);
      sent += 1;
      // Lets an answer be read that has come meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (sent >= most) await send(Buffer.from(CLOSING));
    return "end" as const;
  };
  try {
    const one = { method: "POST", path: PATH, headers };
    const { status, close } = await open(subject.target, one, limits, write);
    close();
    const isAll = sent >= most;
    if (status === 413 || status === 411 || (!isAll && status >= 400))
      return good(`answered ${status} to a body without end`);
    return bad(`took ${sent} MB and answered ${status}`, LIMIT_FIX);
  } catch (thrown) {
    if (sent < most) return good(`cut a body without end (${reasonOf(thrown)})`);
    return bad(`took ${sent} MB: ${reasonOf(thrown)}`, LIMIT_FIX);
  }
}

export const BODY_CHECKS: readonly CheckDefinition[] = [
  { name: "large-body", title: "A request of 4 MB passes", run: runLarge },
  { name: "oversized-announced", title: "An oversized request is refused", run: runAnnounced },
  { name: "oversized-chunked", title: "One that hides its size is refused", run: runChunked },
];
