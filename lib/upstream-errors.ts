import { z } from "zod";
import { RelayError, type ErrorCode } from "./errors.ts";

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

/** What a failed connection to the door means. A reset before any answer is `interrupted`. */
export function connectionError(cause: NodeJS.ErrnoException): RelayError {
  const code = cause.code ?? "";
  if (TLS_CODE.test(code)) return new RelayError("door_tls", { cause });
  return new RelayError(CONNECTION_CODES[code] ?? "interrupted", { cause });
}

/** Ollama's own error texts, by what they mean to the person (recordings, both generations). */
const OLLAMA_TEXTS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^model ['"].*['"] not found/, "model_not_found"],
  [/does not support /, "unsupported_capability"],
  [/^think value .* is not supported/, "unsupported_capability"],
  [/^server busy/, "ollama_busy"],
];

/**
 * What an answer other than 200 means: it may be the door's, Ollama's, or somebody else's.
 * @param status the HTTP status
 * @param html whether the answer is a page
 * @param body the first bytes of the body, for classification and the log only
 */
export function answerError(status: number, html: boolean, body: string): RelayError {
  const cause = `${status} ${body.slice(0, 500)}`;
  if (html || (status >= 300 && status < 400)) return new RelayError("door_not_ours", { cause });
  if (status === 401 && body === "") return new RelayError("door_refused_key", { cause });
  if (status === 403 && body === "") return new RelayError("door_host_rewrite", { cause });
  const text = ollamaErrorText(body);
  if (text !== undefined) {
    const known = OLLAMA_TEXTS.find(([pattern]) => pattern.test(text));
    return new RelayError(known?.[1] ?? "ollama_failed", { cause });
  }
  if (status === 401) return new RelayError("door_refused_key", { cause });
  if (status === 502 || status === 503) return new RelayError("ollama_unreachable", { cause });
  if (status < 500) return new RelayError("door_not_ours", { cause });
  return new RelayError("ollama_failed", { cause });
}

const ollamaError = z.object({ error: z.string() });

/** The text of `{"error": "..."}`, or undefined when the body is something else. */
function ollamaErrorText(body: string): string | undefined {
  try {
    return ollamaError.safeParse(JSON.parse(body)).data?.error;
  } catch {
    return undefined;
  }
}
