import { once } from "node:events";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { text as readText } from "node:stream/consumers";
import { jsonComplaint } from "./go.ts";
import { Refusal } from "./refusal.ts";
import type { DemoRequest, RequestLog } from "./requests.ts";

/** Go's server counts the length of an answer only as long as it fits its buffer of so many bytes. */
const COUNTED_BYTES = 2048;

/** One request and its answer. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: DemoRequest;
  readonly #log: RequestLog;
  readonly #left = new AbortController();
  #wasCut = false;

  constructor(request: IncomingMessage, response: ServerResponse, log: RequestLog) {
    this.request = request;
    this.response = response;
    this.#log = log;
    this.entry = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: undefined,
      startedAt: performance.now(),
      tokens: 0,
      aborted: false,
    };
    response.once("close", () => this.#close());
    log.add(this.entry);
    log.tell("arrived", this.entry);
  }

  /** Aborts when the connection closes before the answer is complete. */
  get signal(): AbortSignal {
    return this.#left.signal;
  }

  #close(): void {
    this.entry.closedAt = performance.now();
    this.entry.aborted = !this.response.writableFinished && !this.#wasCut;
    this.#left.abort();
    this.#log.tell("closed", this.entry);
  }

  /** Marks the moment at which the request gets to the model. */
  served(): void {
    this.entry.servedAt = performance.now();
    this.#log.tell("served", this.entry);
  }

  /**
   * The body as JSON.
   * @throws {Refusal} 400, in the words of Go's decoder
   */
  async readJson(): Promise<unknown> {
    const text = await readText(this.request);
    if (text.trim() === "") throw new Refusal(400, "missing request body", "binding");
    this.entry.body = text;
    try {
      this.entry.body = JSON.parse(text);
    } catch (thrown) {
      throw new Refusal(400, jsonComplaint(text, thrown), "binding");
    }
    return this.entry.body;
  }

  begin(status: number, headers: OutgoingHttpHeaders): void {
    // Go names the connection only when it will close it; Node would add two headers of its own.
    if (this.response.shouldKeepAlive && headers.Connection === undefined) {
      this.response.removeHeader("Connection");
    }
    this.response.writeHead(status, headers);
    this.entry.firstByteAt = performance.now();
    this.#log.tell("first-byte", this.entry);
  }

  /** A whole answer, with its length where Go would have counted it. */
  send(status: number, headers: OutgoingHttpHeaders, body = ""): void {
    const length = Buffer.byteLength(body);
    if (length > COUNTED_BYTES) {
      this.begin(status, headers);
      this.response.write(body);
    } else {
      this.begin(status, { ...headers, "Content-Length": length });
      if (length > 0) this.response.write(body);
    }
    this.response.end();
  }

  /** An answer of status and headers alone. */
  sendNothing(status: 204, headers: OutgoingHttpHeaders): void {
    this.begin(status, headers);
    this.response.end();
  }

  /** Part of a streamed answer; waits while the client reads too slowly. */
  async write(text: string): Promise<void> {
    if (!this.response.write(text)) await once(this.response, "drain", { signal: this.signal });
  }

  /** Sends these bytes and tears the connection down. */
  async cut(bytes: Buffer): Promise<void> {
    this.#wasCut = true;
    await new Promise<void>((resolve) => {
      this.response.write(bytes, () => resolve());
    });
    this.response.destroy();
  }
}
