import { once } from "node:events";
import { appendFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Check } from "../../gateway/verify/check.ts";
import { ALL_CHECKS, meet, verdictOf } from "../../gateway/verify/run.ts";
import type { Subject, Wish } from "../../gateway/verify/subject.ts";

export const KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/** What is wrong with a door that stands there for itself and for the engine behind it. */
export interface Faults {
  /** Whether these header values let a caller in. */
  readonly opens?: (keys: readonly string[], incoming: IncomingMessage) => boolean;
  /** What it calls itself. */
  readonly server?: string;
  readonly health?: (outgoing: ServerResponse) => void;
  /** Every path of Ollama's is open. */
  readonly isOpen?: boolean;
  readonly models?: readonly [status: number, body: string];
  /** What each answer permits. */
  readonly permits?: (
    origin: string,
    kind: "preflight" | "refusal" | "answer",
  ) => readonly string[];
  /** Bad keys before a 429; and whether the right key is slowed as well. */
  readonly badKeys?: number;
  readonly slowsAll?: boolean;
  /** Largest body in bytes. */
  readonly largest?: number;
  readonly handsOnHost?: boolean;
  readonly handsOnOrigin?: boolean;
  readonly buffers?: boolean;
  /** The engine goes on when its caller has left. */
  readonly ignoresStop?: boolean;
  readonly parallel?: number;
  /** How many tokens its longest reply has. */
  readonly longest?: number;
  /** It writes so many tokens, and then nothing more. */
  readonly stallsAfter?: number;
  /** Writes a line for each request there; with everything in it when it is careless. */
  readonly log?: string;
  readonly isCareless?: boolean;
}

export interface FakeDoor {
  readonly url: string;
  close(): Promise<void>;
}

const TOKEN_MS = 10;
const LIST = JSON.stringify({ models: [{ name: "small:latest", size: 1 }] });
const OPEN = new Set(["/api/tags", "/api/ps", "/api/version", "/api/chat"]);

async function readBody(incoming: IncomingMessage, largest: number): Promise<string | undefined> {
  if (Number(incoming.headers["content-length"] ?? 0) > largest) return undefined;
  let body = "";
  for await (const piece of incoming.setEncoding("utf8")) {
    body += String(piece);
    if (body.length > largest) return undefined;
  }
  return body;
}

class Engine {
  readonly #faults: Faults;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  async #take(): Promise<void> {
    if (this.#busy < (this.#faults.parallel ?? 1)) this.#busy += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #free(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy -= 1;
    else next();
  }

  async chat(body: string, outgoing: ServerResponse): Promise<void> {
    const wanted = Number(/"num_predict":(\d+)/.exec(body)?.[1] ?? 1);
    const tokens = Math.min(wanted, this.#faults.longest ?? Infinity);
    if (!body.endsWith("}") || body.includes('"model":""')) {
      outgoing.writeHead(400).end('{"error":"model is required"}');
      return;
    }
    await this.#take();
    let held = "";
    for (let token = 0; token < tokens; token += 1) {
      if (outgoing.destroyed && this.#faults.ignoresStop !== true) break;
      if (token === this.#faults.stallsAfter) await once(outgoing, "close");
      await sleep(TOKEN_MS);
      const record = `{"message":{"content":"${token}"},"done":false}\n`;
      if (this.#faults.buffers === true) held += record;
      else outgoing.write(record);
    }
    outgoing.end(`${held}{"done":true,"eval_duration":${tokens * TOKEN_MS * 1e6}}\n`);
    this.#free();
  }
}

function keysOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter(
    (_, index, all) => index % 2 === 1 && /^x-api-key$/i.test(all[index - 1] ?? ""),
  );
}

/** A door in one process with its engine: good but for its faults. */
export async function startFakeDoor(faults: Faults = {}): Promise<FakeDoor> {
  const engine = new Engine(faults);
  const opens = faults.opens ?? ((keys) => keys.length === 1 && keys[0] === KEY);
  let strangers = 0;

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { url = "", method = "", headers } = incoming;
    const permit = (kind: "preflight" | "refusal" | "answer"): void => {
      const values =
        headers.origin === undefined ? [] : (faults.permits?.(headers.origin, kind) ?? []);
      if (values.length > 0) outgoing.setHeader("access-control-allow-origin", [...values]);
    };
    const end = (status: number, body = ""): void => void outgoing.writeHead(status).end(body);
    if (faults.server !== undefined) outgoing.setHeader("server", faults.server);
    if (faults.log !== undefined) {
      const all = faults.isCareless === true ? JSON.stringify([url, headers]) : method;
      await appendFile(faults.log, `${all}\n`);
    }
    if (url === "/health")
      return faults.health === undefined ? end(200, "OK") : faults.health(outgoing);
    if (method === "OPTIONS") {
      permit("preflight");
      return end(401);
    }
    const isIn = opens(keysOf(incoming), incoming);
    if (!isIn) strangers += 1;
    const isSlow = strangers > (faults.badKeys ?? Infinity);
    if (isSlow && (!isIn || faults.slowsAll === true)) return end(429);
    permit(isIn ? "answer" : "refusal");
    if (!isIn) return end(401);
    if (faults.handsOnHost === true && headers.host?.startsWith("127.0.0.1") !== true)
      return end(403);
    if (faults.handsOnOrigin === true && headers.origin !== undefined) return end(403);
    const isListed = OPEN.has(url) && (method === "POST") === (url === "/api/chat");
    if (!isListed) return faults.isOpen === true ? end(405, "405 method not allowed") : end(404);
    const body = await readBody(incoming, faults.largest ?? 32_000_000);
    if (body === undefined) return end(413);
    if (url === "/api/tags") return end(...(faults.models ?? ([200, LIST] as const)));
    if (url === "/api/chat") return engine.chat(body, outgoing);
    return end(200, '{"models":[]}');
  };

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** What is known of a door at that address. */
const wishFor = (url: string, known: Partial<Wish> = {}): Wish => ({
  url: new URL(url),
  key: KEY,
  authority: undefined,
  engineUrl: undefined,
  spec: undefined,
  changedFiles: undefined,
  logs: { access: [], error: [] },
  app: undefined,
  configFile: undefined,
  programs: {},
  isSlow: false,
  silenceMs: 65_000,
  ...known,
});

/** The door at that address, met; `changes` are what one would see elsewhere. */
export async function subjectFor(
  url: string,
  known: Partial<Wish> = {},
  changes: Partial<Subject> = {},
): Promise<Subject> {
  const signal = AbortSignal.timeout(30_000);
  const subject = await meet(wishFor(url, known), { config: Promise.resolve("none"), signal });
  return { ...subject, ...changes };
}

/** What one check says. */
export async function lookAt(name: string, subject: Subject): Promise<Check> {
  const check = ALL_CHECKS.find((one) => one.name === name);
  if (check === undefined) throw new Error(`There is no check ${name}.`);
  return { name, ...(await verdictOf(check, subject)) };
}
