/**
 * Asks a door over a connection of its own. What is sent is exactly what is said: paths are not
 * tidied up, headers are neither merged nor added, but Connection. Time and size are bounded.
 */
import { once } from "node:events";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

export type Header = readonly [name: string, value: string];

/** Where to connect to. */
export interface Target {
  readonly url: URL;
  /** What Host says; the URL's own when left out. */
  readonly host?: string;
  /** For https: the roots to trust, and whether to refuse others. */
  readonly authority?: string | undefined;
  readonly refusesUntrusted?: boolean;
}

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly host?: string;
  readonly headers?: readonly Header[];
  /** Sent whole, its length announced unless a header says otherwise. */
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case, every line of its own. */
  readonly headers: readonly Header[];
  readonly body: string;
}

export interface Limits {
  readonly signal?: AbortSignal;
  /** For all of it. */
  readonly patienceMs?: number;
}

/** An answer that has begun. */
export interface Opened {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly incoming: IncomingMessage;
  /** Tears the connection down. */
  readonly close: () => void;
  /** What broke, in words. */
  readonly explain: (thrown: unknown) => Error;
}

const PATIENCE_MS = 4_000;
const LONGEST_BODY = 4_000_000;

/** The values of a header, one for each of its lines. */
export function valuesOf({ headers }: Pick<Answer, "headers">, name: string): readonly string[] {
  return headers.flatMap(([one, value]) => (one === name ? [value] : []));
}

function pairs(raw: readonly string[]): Header[] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ""] as const] : [],
  );
}

/** Name, value, name, value: written as they are. */
function headerLines(target: Target, { host, headers = [], body, method }: Ask): string[] {
  const isMeasured = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  const hasBody = body !== undefined || /^(?:POST|PUT|PATCH)$/.test(method ?? "GET");
  const length = hasBody && !isMeasured ? ["Content-Length", String(byteLength(body))] : [];
  const to = host ?? target.host ?? target.url.host;
  return ["Host", to, ...headers.flat(), ...length, "Connection", "close"];
}

const byteLength = (body: string | Uint8Array = ""): number => Buffer.byteLength(body);

/** What the system or the parser says, in words. */
function explain(thrown: unknown, signal: AbortSignal, patienceMs: number): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (!signal.aborted) return error;
  return new Error(`nothing within ${Math.round(patienceMs / 100) / 10} s`, { cause: error });
}

/**
 * Sends a request and waits for the head of its answer.
 *
 * @param write sends the body in place of `body`; it ends when it is told that an answer has come
 * @throws Error when nothing answers in time, or not in HTTP
 */
export function open(
  target: Target,
  one: Ask,
  { signal: given, patienceMs = PATIENCE_MS }: Limits,
  write?: (
    send: (bytes: Uint8Array) => Promise<void>,
    answered: AbortSignal,
  ) => Promise<"end" | "hold">,
): Promise<Opened> {
  const patience = AbortSignal.timeout(patienceMs);
  const signal = given === undefined ? patience : AbortSignal.any([patience, given]);
  const answered = new AbortController();
  return new Promise((resolve, reject) => {
    const send = target.url.protocol === "https:" ? requestHttps : requestHttp;
    const outgoing = send({
      hostname: target.url.hostname.replace(/^\[(.*)\]$/u, "$1"),
      port: target.url.port,
      method: one.method ?? "GET",
      path: one.path,
      headers: headerLines(target, one),
      agent: false,
      signal,
      ...(target.authority === undefined ? {} : { ca: target.authority }),
      rejectUnauthorized: target.refusesUntrusted ?? true,
    });
    outgoing.on("response", (incoming) => {
      answered.abort();
      const close = (): void => void outgoing.destroy();
      incoming.on("error", () => undefined);
      resolve({
        status: incoming.statusCode ?? 0,
        headers: pairs(incoming.rawHeaders),
        incoming,
        close,
        explain: (thrown) => explain(thrown, signal, patienceMs),
      });
    });
    const fail = (error: Error): void => {
      answered.abort();
      reject(explain(error, signal, patienceMs));
    };
    outgoing.on("error", fail);
    outgoing.on("upgrade", (incoming, socket) => {
      socket.destroy();
      fail(new Error(`it became something else (${incoming.statusCode})`));
    });
    if (write === undefined) {
      outgoing.end(one.body);
      return;
    }
    const sendPiece = async (bytes: Uint8Array): Promise<void> => {
      if (outgoing.write(bytes) || outgoing.destroyed) return;
      await once(outgoing, "drain", { signal: answered.signal }).catch(() => undefined);
    };
    write(sendPiece, answered.signal)
      .then((what) => (what === "end" ? outgoing.end() : undefined))
      .catch(fail);
  });
}

/** Reads an answer to its end; what is longer than four million bytes, or too slow, is cut. */
async function readAll({ incoming, close }: Opened): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const read of incoming) {
    const piece: Buffer = read;
    pieces.push(piece);
    length += piece.length;
    if (length <= LONGEST_BODY) continue;
    close();
    throw new Error("the answer is too long");
  }
  return Buffer.concat(pieces).toString("utf8");
}

/**
 * Sends a request and reads the whole answer.
 *
 * @throws Error when nothing answers in time, not in HTTP, or too much
 */
export async function ask(target: Target, one: Ask, limits: Limits = {}): Promise<Answer> {
  const opened = await open(target, one, limits);
  try {
    const body = await readAll(opened);
    return { status: opened.status, headers: opened.headers, body };
  } catch (thrown) {
    throw opened.explain(thrown);
  } finally {
    opened.close();
  }
}
