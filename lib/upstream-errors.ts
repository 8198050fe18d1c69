import type { ErrorCode } from "./error-table.ts";
import { RelayError } from "./errors.ts";
import { readRefusal, type Refusal } from "./wire/refusals.ts";

/** Node's codes of a connection that could not be made, by the link they tell about. */
const CONNECTION_CODES: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: "door_refused_connection",
  ENOTFOUND: "home_unreachable",
  EAI_AGAIN: "home_unreachable",
  EHOSTUNREACH: "home_unreachable",
  EHOSTDOWN: "home_unreachable",
  ENETUNREACH: "home_unreachable",
  ETIMEDOUT: "home_unreachable",
  EPROTO: "door_tls",
  HOSTNAME_MISMATCH: "door_tls",
  DEPTH_ZERO_SELF_SIGNED_CERT: "door_tls",
  SELF_SIGNED_CERT_IN_CHAIN: "door_tls",
};
const TLS_CODE = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_)/;
/** Node's parser: what answers there does not speak HTTP. */
const PARSE_CODE = /^HPE_/;

/** What a failed connection to the door means. A reset before any answer is `interrupted`. */
export function connectionError(cause: NodeJS.ErrnoException): RelayError {
  const code = cause.code ?? "";
  if (TLS_CODE.test(code)) return new RelayError("door_tls", { cause });
  if (PARSE_CODE.test(code)) return new RelayError("door_not_ours", { cause: code });
  return new RelayError(CONNECTION_CODES[code] ?? "interrupted", { cause });
}

/** The door's own answers have no body (Caddy) or a page of its own (nginx); these are by their status. */
const DOOR_STATUSES: Readonly<Record<number, ErrorCode>> = {
  401: "door_refused_key",
  403: "door_host_rewrite",
  413: "body_too_large",
  429: "door_rate_limited",
  502: "ollama_unreachable",
  503: "ollama_unreachable",
  504: "ollama_unreachable",
};

/**
 * What an answer other than 200 means: it may be the door's, Ollama's, or somebody else's.
 * @param status the HTTP status
 * @param html whether the answer is a page
 * @param body the first bytes of the body, for classification and the log only
 */
export function answerError(status: number, html: boolean, body: string): RelayError {
  const refusal = html ? undefined : readRefusal(body);
  if (refusal !== undefined) return ollamaError(status, refusal);
  const cause = `${status} ${withoutQuotes(body)}`;
  // An Ollama without this surface answers in plain text (WIRE.md, two generations).
  if (status === 404 && body.startsWith("404 page not found")) {
    return new RelayError("ollama_too_old", { cause });
  }
  const isDoors = !html && body.trim() === "";
  const code = isDoors || status === 401 ? DOOR_STATUSES[status] : nginxCode(status, body);
  if (code !== undefined) return new RelayError(code, { cause });
  return new RelayError(status < 500 || html ? "door_not_ours" : "ollama_failed", { cause });
}

/** Ollama's own statuses that tell more than its words: its account at ollama.com is used up, or asks to pay. */
const OLLAMA_STATUSES: Readonly<Record<number, ErrorCode>> = {
  402: "ollama_failed",
  403: "ollama_failed",
  408: "ollama_busy",
  429: "ollama_busy",
};

/** nginx signs the pages it makes for a status of its own. */
function nginxCode(status: number, body: string): ErrorCode | undefined {
  return /<center>nginx/.test(body) ? DOOR_STATUSES[status] : undefined;
}

/** Ollama quotes the caller, and the model, in some of its errors: what a log gets ends where a quotation begins. */
export function withoutQuotes(text: string): string {
  return text.slice(0, 120).split(/["'`={[]/)[0] ?? "";
}

/** What is not known here is told by its status. */
function ollamaError(status: number, refusal: Refusal): RelayError {
  const { code, ...details } = refusal;
  if (code !== undefined) return new RelayError(code, { ...details, cause: status });
  const known = OLLAMA_STATUSES[status];
  if (known !== undefined) return new RelayError(known, { cause: status });
  const fallback = status >= 400 && status < 500 ? "bad_request" : "ollama_failed";
  const message = "Ollama does not take this request.";
  return new RelayError(fallback, {
    ...(fallback === "bad_request" ? { message } : {}),
    cause: `${status} ${withoutQuotes(refusal.cause)}`,
  });
}
