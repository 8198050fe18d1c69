import type { IncomingMessage, ServerResponse } from "node:http";
import type { Dialect } from "./paths.ts";

interface Failure {
  /** What broke, and whose part it is. */
  readonly message: string;
  /** The one thing to do. */
  readonly fix: string;
}

/** What can go wrong between here and the app. */
export const FAILURES = {
  app_unreachable: {
    message: "The network does not lead to the app.",
    fix: "See that this computer is online and that APP_URL is right.",
  },
  app_refused_connection: {
    message: "The app does not run: nobody listens at its address.",
    fix: "Start the app, or correct APP_URL.",
  },
  app_tls: {
    message: "No trusted https connection to the app comes about: the network may lead to another.",
    fix: "Correct APP_URL, or name your own network's root certificate in NODE_EXTRA_CA_CERTS.",
  },
  app_broke_off: {
    message: "The network broke off before the app answered.",
    fix: "Send the request again.",
  },
  app_not_latchkey: {
    message: "The app at APP_URL is no Latchkey, or a login page stands in front of it.",
    fix: "Correct APP_URL, or switch off Vercel's Deployment Protection for it.",
  },
} as const satisfies Record<string, Failure>;

export type FailureCode = keyof typeof FAILURES;

const CODES: readonly (readonly [RegExp, FailureCode])[] = [
  [/^(?:ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EADDRNOTAVAIL)/, "app_unreachable"],
  [/^ECONNREFUSED$/, "app_refused_connection"],
  // OpenSSL's reasons, as Node names them (its documentation, "X509 certificate error codes").
  [/CERT|CRL|^ERR_TLS|^ERR_SSL|^EPROTO$|^UNABLE_TO_|HOSTNAME_MISMATCH/, "app_tls"],
];

/** Which failure an error of the connection to the app is. */
export function failureOf(error: Error): FailureCode {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return CODES.find(([pattern]) => pattern.test(code))?.[1] ?? "app_broke_off";
}

/** Whether this can be no answer of the app: its routes neither lead elsewhere nor tell in HTML. */
export function isStrange({ statusCode = 0, headers }: IncomingMessage): boolean {
  const isRedirect = statusCode >= 300 && statusCode < 400;
  return isRedirect || /^(?:text\/html|application\/xhtml)/i.test(headers["content-type"] ?? "");
}

function send(outgoing: ServerResponse, status: number, document: unknown): void {
  const body = JSON.stringify(document);
  outgoing.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  outgoing.end(body);
}

/** Tells a failure in the client's dialect: 502. */
export function tellFailure(outgoing: ServerResponse, dialect: Dialect, code: FailureCode): void {
  const message = `${FAILURES[code].message} ${FAILURES[code].fix}`;
  const document: Record<Dialect, unknown> = {
    ollama: { error: message },
    openai: { error: { message, type: "api_error", param: null, code } },
  };
  send(outgoing, 502, document[dialect]);
}

/** For paths that lead nowhere. */
export function tellNotFound(outgoing: ServerResponse): void {
  const error = "There is nothing at this path. Ollama's are under /api/, OpenAI's under /v1/.";
  send(outgoing, 404, { error });
}
