import type { NextRequest } from "next/server";
import { authenticate, type Caller } from "./auth.ts";
import { readConfig, type Config } from "./config.ts";
import { REQUEST_ID_HEADER } from "./contract.ts";
import { RelayError, toRelayError } from "./errors.ts";
import { CallerGone, Exchange } from "./exchange.ts";
import { log } from "./log.ts";

/** What a handler works with. */
export interface Context {
  readonly request: NextRequest;
  readonly exchange: Exchange;
  readonly config: Config;
  readonly caller: Caller;
}

/**
 * The frame of every handler: request id, configuration, lock, then the work; whatever is thrown is
 * rendered here, once, as `{"error": OBJECT}` with the table's status.
 */
export async function respond(
  request: NextRequest,
  work: (context: Context) => Promise<Response>,
): Promise<Response> {
  return respondOpenly(request, async (exchange) => {
    const config = readConfig();
    const caller = await authenticate(request, config);
    return work({ request, exchange, config, caller });
  });
}

/** The same without the lock: for health and signing in. */
export async function respondOpenly(
  request: NextRequest,
  work: (exchange: Exchange) => Promise<Response>,
): Promise<Response> {
  const exchange = new Exchange(request);
  const route = request.nextUrl.pathname;
  try {
    const response = await work(exchange);
    response.headers.set(REQUEST_ID_HEADER, exchange.id);
    if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
    return response;
  } catch (thrown) {
    const gone = thrown instanceof CallerGone || exchange.signal.reason instanceof CallerGone;
    if (gone) return new Response(null, { status: 499 });
    const error = toRelayError(thrown);
    logFailure(exchange, route, error);
    return errorResponse(error, exchange.id);
  }
}

/** One line for the owner, with the cause that the caller is not told. */
export function logFailure(exchange: Exchange, route: string, error: RelayError): void {
  const fields = { requestId: exchange.id, route, code: error.code, ms: exchange.elapsedMs };
  const cause = error.cause instanceof Error ? { err: error.cause } : { cause: error.cause };
  log[error.status >= 500 ? "error" : "info"]({ ...fields, ...cause }, error.message);
}

/** An error as the app's own routes tell it. */
function errorResponse(error: RelayError, requestId: string): Response {
  const object = error.toObject(requestId);
  const headers = new Headers({ [REQUEST_ID_HEADER]: requestId, "cache-control": "no-store" });
  if (object.retryAfterSeconds !== undefined) {
    headers.set("retry-after", String(object.retryAfterSeconds));
  }
  if (error.code === "unauthorized") headers.set("www-authenticate", "Bearer");
  return Response.json({ error: object }, { status: error.status, headers });
}

/** A handler for the methods a route does not take. */
export function refuseMethod(allow: string): (request: NextRequest) => Promise<Response> {
  return async (request) => {
    const response = await respondOpenly(request, async () => {
      readConfig();
      throw new RelayError("method_not_allowed");
    });
    response.headers.set("allow", allow);
    return response;
  };
}
