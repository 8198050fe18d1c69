import { readConfig, type Config } from "./config.ts";
import { REQUEST_ID_HEADER, UI_MESSAGE_STREAM_HEADER } from "./contract.ts";
import { RelayError } from "./errors.ts";

/** What a page elsewhere may read of an answer. */
const EXPOSED = [
  REQUEST_ID_HEADER,
  UI_MESSAGE_STREAM_HEADER,
  "Retry-After",
  "RateLimit-Limit",
  "RateLimit-Remaining",
  "RateLimit-Reset",
].join(", ");
const HEADER_NAMES = /^[A-Za-z0-9-]+(?:\s*,\s*[A-Za-z0-9-]+)*$/;
const DAY_SECONDS = "86400";

/** Whether this browser's page is one of those the owner named; the comparison is exact. */
export function isAllowedOrigin(headers: Headers, config: Config): boolean {
  const origin = headers.get("origin");
  return origin !== null && config.allowedOrigins.includes(origin);
}

/**
 * Lets a page of an allowed origin read an answer, whatever its status. Exactly one origin is named, never `*`, and
 * no credentials: a page elsewhere shows a key, never our cookie (Fetch standard, CORS protocol).
 */
export function allowOrigin(request: Request, response: Response, config: Config): void {
  if (config.allowedOrigins.length === 0) return;
  response.headers.append("vary", "Origin");
  const origin = request.headers.get("origin");
  if (origin === null || !config.allowedOrigins.includes(origin)) return;
  response.headers.set("access-control-allow-origin", origin);
  response.headers.set("access-control-expose-headers", EXPOSED);
}

/**
 * Answers a preflight, before the lock: a browser sends no key with it.
 * Throws RelayError `forbidden_origin` for every other origin.
 */
export function answerPreflight(request: Request, methods: string): Response {
  const config = readConfig();
  if (!isAllowedOrigin(request.headers, config)) throw new RelayError("forbidden_origin");
  const wanted = request.headers.get("access-control-request-headers") ?? "";
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": methods,
      "access-control-allow-headers": HEADER_NAMES.test(wanted)
        ? wanted
        : "Authorization, Content-Type",
      "access-control-max-age": DAY_SECONDS,
      vary: "Access-Control-Request-Headers",
    },
  });
}
