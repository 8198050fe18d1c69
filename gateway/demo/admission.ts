import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";

/** What Ollama lets a page of another origin send; an API key's header is not among it. */
const ALLOWED_HEADERS = [
  "Authorization",
  "Content-Type",
  "User-Agent",
  "Accept",
  "X-Requested-With",
  "Openai-Beta",
  "X-Stainless-Arch",
  "X-Stainless-Async",
  "X-Stainless-Custom-Poll-Interval",
  "X-Stainless-Helper-Method",
  "X-Stainless-Lang",
  "X-Stainless-Os",
  "X-Stainless-Package-Version",
  "X-Stainless-Poll-Helper",
  "X-Stainless-Retry-Count",
  "X-Stainless-Runtime",
  "X-Stainless-Runtime-Version",
  "X-Stainless-Timeout",
].join(",");

const LOCAL_ORIGIN = /^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?$/u;
const APP_ORIGIN = /^(?:app|file|tauri|vscode-webview|vscode-file):\/\//u;

const VARY = ["Vary", "Origin"] as const;

/** A host name or address without its port. */
function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/u, "")
    .replace(/^\[(.*)\]$/u, "$1");
}

const PRIVATE_ADDRESS =
  /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0$|::1?$|f[cd])/u;

/** Whether Ollama, listening on loopback, answers to this Host (server/routes.go, allowedHosts). */
export function isAllowedHost(host: string): boolean {
  const name = bareHost(host);
  if (isIP(name) !== 0) return PRIVATE_ADDRESS.test(name);
  if (name === "" || name === "localhost" || name === hostname().toLowerCase()) return true;
  return /\.(?:localhost|local|internal)$/u.test(name);
}

export type Admission =
  | { readonly kind: "admitted"; readonly headers: ReadonlyMap<string, string> }
  | { readonly kind: "refused" }
  | { readonly kind: "preflight"; readonly headers: OutgoingHttpHeaders };

/** What becomes of a request before its path matters: a foreign Origin or Host is refused. */
export function admit(request: IncomingMessage, checksHost: boolean): Admission {
  const { origin, host = "" } = request.headers;
  const sameOrigin = origin === `http://${host}` || origin === `https://${host}`;
  const crosses = origin !== undefined && origin !== "" && !sameOrigin;
  if (crosses && !LOCAL_ORIGIN.test(origin) && !APP_ORIGIN.test(origin)) return { kind: "refused" };
  if (crosses && request.method === "OPTIONS") {
    return { kind: "preflight", headers: preflightHeaders(origin) };
  }
  if (checksHost && !isAllowedHost(host)) return { kind: "refused" };
  const headers = crosses ? [["Access-Control-Allow-Origin", origin] as const, VARY] : [];
  return { kind: "admitted", headers: new Map(headers) };
}

function preflightHeaders(origin: string): OutgoingHttpHeaders {
  return {
    "Access-Control-Allow-Headers": ALLOWED_HEADERS,
    "Access-Control-Allow-Methods": "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS",
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Max-Age": "43200",
    Vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
  };
}
