import {
  type ClientRequest,
  type OutgoingHttpHeaders,
  request as requestPlain,
  type RequestOptions,
} from "node:http";
import { request as requestSecure } from "node:https";
import { urlToHttpOptions } from "node:url";

/** For the name, the connection and TLS together. */
const CONNECT_MS = 10_000;

/** Of silence, before the system asks whether the other side is still there. */
const PROBE_AFTER_MS = 30_000;

class ConnectTimeout extends Error {
  /** The system's own word for it. */
  readonly code = "ETIMEDOUT";
}

interface AppRequest {
  readonly method: string;
  /** Path and query, sent as they are: a URL would tidy them up. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly connectMs?: number;
}

/**
 * Begins a request to the app, on a connection of its own that ends with it; the caller ends it.
 * Connecting is limited to ten seconds, after that the app may be silent for as long as it likes.
 */
export function requestApp(appUrl: URL, options: AppRequest): ClientRequest {
  const { method, path, headers, connectMs = CONNECT_MS } = options;
  const isSecure = appUrl.protocol === "https:";
  const whole: RequestOptions = {
    ...urlToHttpOptions(appUrl),
    method,
    path,
    headers,
    agent: false,
  };
  const request = isSecure ? requestSecure(whole) : requestPlain(whole);
  const timer = setTimeout(() => {
    request.destroy(new ConnectTimeout("The app was not reached in time"));
  }, connectMs);
  const stop = (): void => {
    clearTimeout(timer);
  };
  request.once("socket", (socket) => {
    // A router forgets a connection that is silent for minutes, and says so to nobody.
    socket.setKeepAlive(true, PROBE_AFTER_MS);
    socket.once(isSecure ? "secureConnect" : "connect", stop);
  });
  request.once("close", stop);
  return request;
}
