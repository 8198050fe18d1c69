/**
 * Stands where Ollama stands and notes what a door hands on. Some requests are answered oddly, by
 * a word in their body, to see what the door makes of a silence or an end.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { NotTelling } from "./check.ts";

export interface EchoedRequest {
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Resolves when the connection is done with. */
  readonly closed: Promise<void>;
}

export interface Echo {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /**
   * The request with that word in its body, once it has come.
   *
   * @throws NotTelling when it does not come soon, or the signal is aborted before
   */
  arrival(word: string, signal: AbortSignal): Promise<EchoedRequest>;
  close(): Promise<void>;
}

/** A proxy on this computer hands on at once; one that answers by itself never does. */
const ARRIVAL_MS = 4_000;
const LONGEST_BODY = 1_000_000;
const MODELS = '{"models":[]}';
const RECORD = '{"message":{"content":"a"},"done":false}\n';

/** What a request asks for, by the word that begins its body's `echo`. */
const MANNERS: Readonly<
  Record<string, (response: ServerResponse, silenceMs: number, left: AbortSignal) => Promise<void>>
> = {
  /** The silence of a long prompt. */
  "silent-before": async (response, silenceMs, left) => {
    await sleep(silenceMs, undefined, { signal: left });
    response.end(RECORD);
  },
  /** The silence of a stalled model. */
  "silent-within": async (response, silenceMs, left) => {
    response.write(RECORD);
    await sleep(silenceMs, undefined, { signal: left });
    response.end(RECORD);
  },
  /** Neither begins nor ends. */
  "hang-before": async (_response, _silenceMs, left) => {
    await once(left, "abort");
  },
  "hang-within": async (response, _silenceMs, left) => {
    response.write(RECORD);
    await once(left, "abort");
  },
  /** What a door logs as an error. */
  drop: (response) => {
    response.destroy();
    return Promise.resolve();
  },
};

/** The body an echo understands: a manner, and a word to find the request by. */
export const echoBody = (manner: string, word: string): string =>
  JSON.stringify({ model: "", echo: `${manner} ${word}` });

async function readBody(incoming: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of incoming.setEncoding("utf8")) {
    body += String(piece);
    if (body.length > LONGEST_BODY) throw new Error("too long");
  }
  return body;
}

/**
 * @param silenceMs how long the silences are
 * @param arrivalMs how long a request is waited for
 */
export async function startEcho(silenceMs: number, arrivalMs = ARRIVAL_MS): Promise<Echo> {
  const arrived: EchoedRequest[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((incoming, response) => {
    const left = new AbortController();
    const closed = new Promise<void>((resolve) => {
      response.once("close", () => {
        left.abort();
        resolve();
      });
    });
    const handle = async (): Promise<void> => {
      const body = await readBody(incoming);
      const { url: target = "", headers } = incoming;
      arrived.push({ target, headers, body, closed });
      for (const look of waiting) look();
      const manner = /"echo":"([a-z-]+) /.exec(body)?.[1] ?? "";
      const act = MANNERS[manner];
      if (act === undefined) response.end(MODELS);
      else await act(response, silenceMs, left.signal);
    };
    handle().catch(() => response.destroy());
  });
  server.requestTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    address: `127.0.0.1:${port}`,
    arrival: (word, signal) =>
      new Promise((resolve, reject) => {
        const ended = AbortSignal.any([signal, AbortSignal.timeout(arrivalMs)]);
        const giveUp = (): void => {
          waiting.delete(look);
          reject(new NotTelling("the config did not hand the request on"));
        };
        const look = (): void => {
          const found = arrived.find(({ body, target }) => `${target} ${body}`.includes(word));
          if (found === undefined) return;
          waiting.delete(look);
          ended.removeEventListener("abort", giveUp);
          resolve(found);
        };
        waiting.add(look);
        ended.addEventListener("abort", giveUp, { once: true });
        look();
        if (ended.aborted) giveUp();
      }),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
