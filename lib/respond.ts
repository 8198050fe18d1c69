import type { NextRequest } from "next/server";
import { authenticate, type Caller } from "./auth.ts";
import { readConfig, readConfigProblems, type Config } from "./config.ts";
import { REQUEST_ID_HEADER } from "./contract.ts";
import { allowOrigin, answerPreflight } from "./cors.ts";
import { RelayError, toRelayError } from "./errors.ts";
import { CallerGone, Exchange } from "./exchange.ts";
import type { Allowance } from "./limit/allowance.ts";
import { countRequest } from "./limits.ts";
import { log } from "./log.ts";
import { sealSession } from "./session.ts";
import { setSession } from "./session-cookie.ts";
import { encodeError, type Dialect } from "./wire/error-envelopes.ts";

/**
 * Has work done after the answer: Next's `after`, without which Vercel may end a function the moment its
 * caller leaves.
 */
export type Later = (work: () => Promise<void>) => void;

/** What a handler works with. */
export interface Context {
  readonly request: NextRequest;
  readonly exchange: Exchange;
  readonly config: Config;
  readonly caller: Caller;
}

/**
 * The frame of every handler: request id, configuration, lock, limit, then the work; whatever is thrown is rendered
 * here, once, in the caller's dialect with the table's status.
 */
export function respond(
  request: NextRequest,
  work: (context: Context) => Promise<Response>,
  dialect: Dialect = "app",
): Promise<Response> {
  return respondOpenly(
    request,
    async (exchange) => {
      const config = readConfig();
      const caller = await authenticate(request, config);
      const allowance = await countRequest(config, caller);
      let response: Response;
      try {
        response = await work({ request, exchange, config, caller });
      } catch (thrown) {
        response = renderFailure(exchange, request, thrown, dialect);
      }
      // A refusal may have told of another limit already.
      if (allowance !== undefined && !response.headers.has("ratelimit-limit")) {
        tellAllowance(response, allowance);
      }
      if (caller.staleSession !== undefined) {
        setSession(request, response, await sealSession(config, caller.staleSession));
      }
      return response;
    },
    dialect,
  );
}

/** The same without lock and limit: for health and signing in. */
export async function respondOpenly(
  request: NextRequest,
  work: (exchange: Exchange) => Promise<Response>,
  dialect: Dialect = "app",
): Promise<Response> {
  const exchange = new Exchange(request);
  let response: Response;
  try {
    response = await work(exchange);
  } catch (thrown) {
    response = renderFailure(exchange, request, thrown, dialect);
  }
  const { headers } = response;
  headers.set(REQUEST_ID_HEADER, exchange.id);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  headers.set("x-content-type-options", "nosniff");
  if (readConfigProblems().length === 0) allowOrigin(request, response, readConfig());
  return response;
}

/** One line for the owner, with the cause that the caller is not told. */
export function logFailure(exchange: Exchange, route: string, error: RelayError): void {
  const fields = { requestId: exchange.id, route, code: error.code, ms: exchange.elapsedMs };
  const cause = error.cause instanceof Error ? { err: error.cause } : { cause: error.cause };
  log[error.status >= 500 ? "error" : "info"]({ ...fields, ...cause }, error.message);
}

function renderFailure(
  exchange: Exchange,
  request: NextRequest,
  thrown: unknown,
  dialect: Dialect,
): Response {
  const gone = thrown instanceof CallerGone || exchange.signal.reason instanceof CallerGone;
  if (gone) return new Response(null, { status: 499 });
  const error = toRelayError(thrown);
  logFailure(exchange, request.nextUrl.pathname, error);
  const object = error.toObject(exchange.id);
  const body = encodeError(dialect, object, error.status);
  const response = Response.json(body, { status: error.status });
  const { headers } = response;
  if (object.retryAfterSeconds !== undefined) {
    headers.set("retry-after", String(object.retryAfterSeconds));
  }
  if (error.details.allowance !== undefined) tellAllowance(response, error.details.allowance);
  if (error.details.allow !== undefined) headers.set("allow", error.details.allow);
  if (error.code === "unauthorized") headers.set("www-authenticate", "Bearer");
  // OpenAI's and Anthropic's own clients heed it: they would try a 5xx twice more by themselves.
  if (!object.retryable) headers.set("x-should-retry", "false");
  return response;
}

/** The fields of the IETF draft "RateLimit header fields for HTTP", in the form that clients know. */
function tellAllowance({ headers }: Response, allowance: Allowance): void {
  headers.set("ratelimit-limit", String(allowance.limit));
  headers.set("ratelimit-remaining", String(allowance.remaining));
  headers.set("ratelimit-reset", String(allowance.resetSeconds));
}

type Handler = (request: NextRequest) => Promise<Response>;

/** A handler for the methods a route does not take. */
export function refuseMethod(allow: string): Handler {
  return (request) =>
    respondOpenly(request, async () => {
      readConfig();
      throw new RelayError("method_not_allowed", { allow });
    });
}

/** The handler of OPTIONS: browsers ask it before a page elsewhere may send anything. */
export function preflight(allow: string, dialect: Dialect = "app"): Handler {
  return async (request) => {
    const isPreflight = request.headers.has("access-control-request-method");
    const answer = async (): Promise<Response> => {
      readConfig();
      return isPreflight ? answerPreflight(request, allow) : new Response(null, { status: 204 });
    };
    const response = await respondOpenly(request, answer, dialect);
    response.headers.set("allow", allow);
    return response;
  };
}
