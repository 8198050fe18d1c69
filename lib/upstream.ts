import * as http from "node:http";
import * as https from "node:https";
import type { Config } from "./config.ts";
import { DOOR_KEY_HEADER } from "./contract.ts";
import { RelayError } from "./errors.ts";
import { perConfig } from "./per-config.ts";
import { answerError, connectionError } from "./upstream-errors.ts";

const CONNECT_TIMEOUT_MS = 10_000;
/** For questions that need no model: lists and versions. */
const QUESTION_TIMEOUT_MS = 15_000;
const ERROR_BODY_CAP_BYTES = 16_384;
const JSON_BODY_CAP_BYTES = 8_388_608;

export interface UpstreamCall {
  readonly method: "GET" | "POST";
  /** Begins with a slash. */
  readonly path: string;
  /** JSON, already written. */
  readonly body?: string;
  /** Aborting it closes the connection, and so frees the GPU; its reason is what the call throws. */
  readonly signal: AbortSignal;
}

const agentFor = perConfig(({ doorUrl }): http.Agent => {
  const options = {
    keepAlive: true,
    keepAliveMsecs: 15_000,
    maxSockets: Infinity,
    timeout: 0,
    // Paused means that the system is not asked for more, not that it is asked until 64 KiB are there (Tap).
    readableHighWaterMark: 1,
  };
  return doorUrl.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
});

/**
 * Asks the door, with the door's key. Follows no redirect: the key would go along.
 * @returns the answer once its headers are there and say 200
 * Throws RelayError by what answered, or the signal's reason.
 */
export async function callDoor(config: Config, call: UpstreamCall): Promise<http.IncomingMessage> {
  call.signal.throwIfAborted();
  const answer = await send(config, call);
  if (answer.statusCode === 200 && !isHtml(answer)) return answer;
  const body = await readText(answer, ERROR_BODY_CAP_BYTES, call.signal).catch(() => "");
  throw answerError(answer.statusCode ?? 0, isHtml(answer), body);
}

/** The same for an answer that is one JSON document, which may not take longer than 15 seconds. */
export async function callDoorForJson(config: Config, call: UpstreamCall): Promise<unknown> {
  const limit = AbortSignal.timeout(Math.min(QUESTION_TIMEOUT_MS, config.firstTokenSeconds * 1000));
  const signal = AbortSignal.any([call.signal, limit]);
  try {
    const answer = await callDoor(config, { ...call, signal });
    return JSON.parse(await readText(answer, JSON_BODY_CAP_BYTES, signal));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new RelayError("door_not_ours", { cause });
    // A connection that is not made in time has an error of its own: here somebody took the question.
    if (limit.aborted && cause === limit.reason)
      throw new RelayError("ollama_unreachable", { cause });
    throw cause;
  }
}

/** A connection that was dead already is found out at once; one that dies later had taken the question. */
const STALE_MS = 1_000;

/**
 * Node closes an idle kept-alive connection at the same moment as we may take it up again: a reset of a
 * reused one, before any byte came, is sent once more on a fresh one (Node's own documentation of reusedSocket).
 * After a restart of the door all that were kept are dead, so the second try takes none of them.
 */
async function send(config: Config, call: UpstreamCall): Promise<http.IncomingMessage> {
  try {
    return await sendOnce(config, call, agentFor(config));
  } catch (thrown) {
    if (thrown instanceof StaleConnection) return sendOnce(config, call, false);
    throw thrown;
  }
}

class StaleConnection extends Error {}

function sendOnce(
  config: Config,
  call: UpstreamCall,
  agent: http.Agent | false,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sentAt = performance.now();
    const secure = config.doorUrl.protocol === "https:";
    const request = (secure ? https : http).request(new URL(call.path, config.doorUrl), {
      method: call.method,
      agent,
      signal: call.signal,
      ...(config.doorAuthority === undefined ? {} : { ca: config.doorAuthority }),
      headers: {
        [DOOR_KEY_HEADER]: config.doorKey,
        Accept: "*/*",
        ...(call.body === undefined
          ? {}
          : {
              "Content-Type": "application/json",
              "Content-Length": Buffer.byteLength(call.body),
            }),
      },
    });
    // A connection that is being made has no time-out of its own in node:http.
    const timer = setTimeout(() => {
      request.destroy(Object.assign(new Error("connect time-out"), { code: "ETIMEDOUT" }));
    }, CONNECT_TIMEOUT_MS);
    const connected = () => clearTimeout(timer);
    request.on("socket", (socket) => {
      if (!socket.connecting) return connected();
      socket.once(secure ? "secureConnect" : "connect", connected);
    });
    request.on("response", resolve);
    request.on("close", connected);
    request.on("error", (cause: NodeJS.ErrnoException) => {
      if (call.signal.aborted) return reject(call.signal.reason);
      const isReset = cause.code === "ECONNRESET" || cause.code === "EPIPE";
      const isStale = request.reusedSocket && isReset && performance.now() - sentAt < STALE_MS;
      reject(isStale ? new StaleConnection() : connectionError(cause));
    });
    request.end(call.body);
  });
}

async function readText(
  answer: http.IncomingMessage,
  capBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > capBytes) throw new RelayError("ollama_failed", { cause: "answer too large" });
      chunks.push(chunk);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof RelayError ? cause : new RelayError("interrupted", { cause });
  }
  return Buffer.concat(chunks).toString("utf8");
}

function isHtml(answer: http.IncomingMessage): boolean {
  return (answer.headers["content-type"] ?? "").startsWith("text/html");
}
