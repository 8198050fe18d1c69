import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Agent, request } from "node:http";

/** One connection a request: what one test breaks no other meets. */
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string goes as it stands, anything else as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** False: the connection was torn down before the answer's end. */
  readonly complete: boolean;
}

/** Sends a request and gives its answer as soon as there are headers. */
export async function open(url: string, sent: Sent): Promise<IncomingMessage> {
  const { body, signal } = sent;
  const outgoing = request(new URL(sent.path, url), {
    method: sent.method ?? (body === undefined ? "GET" : "POST"),
    headers: { ...sent.headers },
    agent,
    ...(signal === undefined ? {} : { signal }),
  });
  outgoing.end(typeof body === "string" || body === undefined ? body : JSON.stringify(body));
  const [response] = await once(outgoing, "response");
  return response;
}

/** Reads an answer to its end, whatever end that is. */
export async function drain(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  response.on("data", (chunk: Buffer) => chunks.push(chunk));
  response.on("error", () => {
    // A torn connection is an answer that is not complete, which `complete` tells.
  });
  await new Promise((resolve) => response.once("close", resolve));
  const bytes = Buffer.concat(chunks);
  const { statusCode: status = 0, headers, complete } = response;
  return { status, headers, bytes, text: bytes.toString(), complete };
}

export async function send(url: string, sent: Sent): Promise<Answer> {
  return drain(await open(url, sent));
}
