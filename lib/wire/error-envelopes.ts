import type { ErrorObject } from "../errors.ts";

/** Whose words an answer is written in. */
export type Dialect = "app" | "ollama" | "openai" | "anthropic";

/**
 * OpenAI's and Anthropic's names for kinds of error, by status (their API references, "Errors"); what is not
 * listed is a failure of the server.
 */
const OPENAI_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  405: "invalid_request_error",
  413: "invalid_request_error",
  429: "rate_limit_error",
};
const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  405: "invalid_request_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
};

/** What the clients of the other dialects show to a person is the message alone, so the fix goes along. */
function sentence({ message, fix }: ErrorObject): string {
  return `${message} ${fix}`;
}

const ENVELOPES: Readonly<Record<Dialect, (error: ErrorObject, status: number) => object>> = {
  app: (error) => ({ error }),
  ollama: (error) => {
    const { message: _message, ...rest } = error;
    return { error: sentence(error), ...rest };
  },
  openai: (error, status) => ({
    error: {
      message: sentence(error),
      type: OPENAI_TYPES[status] ?? "api_error",
      param: null,
      code: error.code,
    },
  }),
  // There is no place for our code but the message.
  anthropic: (error, status) => ({
    type: "error",
    error: {
      type: ANTHROPIC_TYPES[status] ?? "api_error",
      message: `${sentence(error)} (${error.code})`,
    },
    request_id: error.requestId,
  }),
};

/**
 * An error as a dialect's own clients read it: the body of an answer, or what a stream carries in-band.
 * @param status the HTTP status that the error has before a stream
 */
export function encodeError(dialect: Dialect, error: ErrorObject, status: number): object {
  return ENVELOPES[dialect](error, status);
}
