import { expect } from "vitest";
import { errorIn, OLLAMA_ERROR, type ToldError } from "./error-shapes.ts";
import type { Dialect } from "./dialects.ts";
import type { Relay } from "./relay.ts";

/** An answer that was read to its end. */
export interface Answer {
  readonly dialect: Dialect;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /**
   * As the dialect's own client takes it: `complete`, `in-band CODE`, `STATUS CODE`, or what no client could make
   * sense of.
   */
  readonly outcome: string;
  readonly link: string | undefined;
}

/** What upstream says and nobody else may: stacks, and words of Ollama's, of servers and of Node's. */
const UPSTREAM_WORDS =
  / at (?:\/|file:|node:|async |\S+ \((?:\/|file:|node:))|127\.0\.0\.1|localhost|ECONN|EPROTO|ENOTFOUND|socket hang up|llama runner|unexpected EOF|maximum pending|nginx|SSH-2\.0|Caddy/;

/**
 * Reads an answer, and sees to what holds for each: a request id, and nothing of what is behind the relay.
 * @param secrets what else may not be told, such as the store's token
 */
export async function readAnswer(
  relay: Relay,
  dialect: Dialect,
  response: Response,
  secrets: readonly string[] = [],
): Promise<Answer> {
  const { status, headers } = response;
  const { text, isBroken } = await readToItsEnd(response);
  expect.soft(headers.get("x-request-id"), dialect.name).toMatch(/^[\w-]{8,64}$/);
  const sent = `${JSON.stringify([...headers])}\n${text}`;
  const { hostname, host, port } = relay.config.doorUrl;
  const hidden = [relay.config.doorKey, relay.accessKey, hostname, host, ...secrets];
  const leaks = hidden.filter((each) => sent.includes(each));
  // Digits of a time or an id may happen to be those of the port.
  const words =
    sent.match(new RegExp(`(?<![\\w.-])${port || "no port"}(?!\\w)`)) ??
    UPSTREAM_WORDS.exec(sent) ??
    [];
  expect.soft([...leaks, ...words], dialect.name).toEqual([]);
  const told = outcomeOf(dialect, status, text);
  // Some readers of NDJSON drop the line of an error: to them the end must look like one as well.
  const mustBreak = told.outcome.startsWith("in-band ") && dialect.error === OLLAMA_ERROR;
  expect.soft(isBroken, dialect.name).toBe(mustBreak);
  return { dialect, status, headers, text, ...told };
}

/** All that comes, and whether the connection is broken behind it. */
async function readToItsEnd(response: Response): Promise<{ text: string; isBroken: boolean }> {
  let text = "";
  try {
    const pieces = response.body?.pipeThrough(new TextDecoderStream()) ?? [];
    for await (const piece of pieces) text += piece;
  } catch (thrown) {
    expect(thrown).toMatchObject({ name: "AbortError" });
    return { text, isBroken: true };
  }
  return { text, isBroken: false };
}

function outcomeOf(dialect: Dialect, status: number, text: string) {
  if (status !== 200) return tellError(String(status), errorIn(dialect.error, text));
  if (dialect.readEnding === undefined) {
    const whole = dialect.whole.safeParse(JSON.parse(text)).success;
    return { outcome: whole ? "complete" : "a document without an end", link: undefined };
  }
  const ending = dialect.readEnding(text);
  return typeof ending === "string"
    ? { outcome: ending, link: undefined }
    : tellError("in-band", ending);
}

function tellError(how: string, error: ToldError | undefined) {
  return { outcome: `${how} ${error?.code ?? "in no shape of the dialect's"}`, link: error?.link };
}

/** Asks and reads to the end. */
export async function answerOf(relay: Relay, dialect: Dialect): Promise<Answer> {
  return readAnswer(relay, dialect, await relay.ask(dialect));
}

/** What most of these were told, and each that was told something else by its name. */
export function commonOutcome(answers: readonly Answer[]): string {
  const byOutcome = Map.groupBy(answers, ({ outcome }) => outcome);
  const [most, ...others] = [...byOutcome].toSorted(
    ([, left], [, right]) => right.length - left.length,
  );
  const exceptions = others.flatMap(([outcome, those]) =>
    those.map(({ dialect }) => `${dialect.name}: ${outcome}`),
  );
  return exceptions.length === 0 ? `${most?.[0]}` : `${most?.[0]} (${exceptions.join(", ")})`;
}
