import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { now } from "../clock.ts";
import type { Check } from "./check.ts";

export interface Question {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly check: Check;
  /** Aborting it breaks the answer off, which then has a problem. */
  readonly signal: AbortSignal;
  /** Tokens `from` to `to` (not included) were complete `at` this moment of `now()`. */
  readonly onTokens?: ((from: number, to: number, at: number) => void) | undefined;
}

export interface Answer {
  /** 0 when there was none. */
  readonly status: number;
  /** Milliseconds from the request to its first token; undefined when none came. */
  readonly firstTokenMs: number | undefined;
  /** Why it is not the whole answer; undefined when each byte is accounted for. */
  readonly problem: string | undefined;
}

const QUOTED = 200;

/** The load generator: one keeps its connections; `close` ends them. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });

  close(): void {
    this.#agent.destroy();
  }

  /** Asks and reads to the end. Never rejects: what goes wrong is the answer's `problem`. */
  ask(question: Question): Promise<Answer> {
    const { url, headers, body, signal } = question;
    const startedAt = now();
    return new Promise((resolve) => {
      const failed = (error: Error): void => {
        resolve({ status: 0, firstTokenMs: undefined, problem: error.message });
      };
      const sent = httpRequest(url, {
        method: "POST",
        agent: this.#agent,
        signal,
        headers: {
          ...headers,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        },
      });
      sent.once("response", (answer) => {
        resolve(read(answer, question, startedAt));
      });
      sent.on("error", failed);
      sent.end(body);
    });
  }
}

function read(answer: IncomingMessage, question: Question, startedAt: number): Promise<Answer> {
  const { check, onTokens } = question;
  const status = answer.statusCode ?? 0;
  let tokens = 0;
  let firstTokenMs: number | undefined;
  let refusal = "";
  answer.on("data", (bytes: Buffer) => {
    if (status !== 200) {
      refusal += bytes.toString();
      return;
    }
    const complete = check.push(bytes);
    if (complete === tokens) return;
    const at = now();
    firstTokenMs ??= at - startedAt;
    onTokens?.(tokens, complete, at);
    tokens = complete;
  });
  return new Promise((resolve) => {
    const finish = (problem: string | undefined): void => {
      resolve({ status, firstTokenMs, problem });
    };
    answer.once("end", () => {
      const refused = `status ${status}: ${refusal.slice(0, QUOTED)}`;
      finish(status === 200 ? check.problem() : refused);
    });
    answer.once("error", (error) => {
      finish(`${error.message} (${check.problem() ?? "after all bytes"})`);
    });
  });
}
