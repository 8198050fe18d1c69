import { randomBytes } from "node:crypto";

/** How one of the dialects that Ollama serves writes its JSON answers and its errors. */
export interface Surface {
  /** The body of a refusal, before it is made JSON. */
  error(status: number, message: string): unknown;
  /** Content-Type of a JSON answer and of a refusal by the handler. */
  readonly jsonType: string;
  /** What follows the JSON: the translated dialects are written by an encoder that ends lines. */
  readonly ending: "" | "\n";
}

export const CHARSET_JSON = "application/json; charset=utf-8";

export const OLLAMA: Surface = {
  error: (_status, message) => ({ error: message }),
  jsonType: CHARSET_JSON,
  ending: "",
};

function errorType(status: number): string {
  if (status === 400) return "invalid_request_error";
  return status === 404 ? "not_found_error" : "api_error";
}

export const OPENAI: Surface = {
  error: (status, message) => ({
    error: { message, type: errorType(status), param: null, code: null },
  }),
  jsonType: "application/json",
  ending: "\n",
};

export const ANTHROPIC: Surface = {
  error: (status, message) => ({
    type: "error",
    error: { type: status === 503 ? "overloaded_error" : errorType(status), message },
    request_id: `req_${randomBytes(12).toString("hex")}`,
  }),
  jsonType: "application/json",
  ending: "\n",
};
