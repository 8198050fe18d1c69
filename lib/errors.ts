import { ERROR_TABLE, type ErrorCode, type ErrorRule, type Link } from "./error-table.ts";

/** What a caller is told, in every dialect. */
export interface ErrorObject {
  readonly code: ErrorCode;
  readonly link: Link;
  readonly message: string;
  readonly fix: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  readonly requestId: string;
}

interface RelayErrorDetails {
  /** Replaces the table's sentence; must be ours, never upstream's text. */
  readonly message?: string;
  readonly fix?: string;
  /** `interrupted` learns its link only by asking the door. */
  readonly link?: Link;
  readonly retryAfterSeconds?: number;
  /** Of a method that is not taken: those that are. */
  readonly allow?: string;
  /** Of a context that is too small, in tokens. */
  readonly overflow?: { readonly promptTokens: number; readonly contextTokens: number };
  /** What is left of a limit, for the headers of the answer. */
  readonly allowance?: {
    readonly limit: number;
    readonly remaining: number;
    readonly resetSeconds: number;
  };
  /** For the log only. */
  readonly cause?: unknown;
}

/** The one error that leaves a step of the relay; rendered once, in the caller's dialect. */
export class RelayError extends Error {
  override readonly name = "RelayError";
  readonly code: ErrorCode;
  readonly details: RelayErrorDetails;

  constructor(code: ErrorCode, details: RelayErrorDetails = {}) {
    super(details.message ?? ERROR_TABLE[code].message, { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERROR_TABLE[this.code].status;
  }

  toObject(requestId: string): ErrorObject {
    const rule: ErrorRule = ERROR_TABLE[this.code];
    const retryAfterSeconds = this.details.retryAfterSeconds ?? rule.retryAfterSeconds;
    return {
      code: this.code,
      link: this.details.link ?? rule.link,
      message: this.message,
      fix: this.details.fix ?? rule.fix,
      retryable: rule.retryable,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      requestId,
    };
  }
}

/** Whatever was thrown, as a RelayError; what is not ours becomes `internal`. */
export function toRelayError(thrown: unknown): RelayError {
  return thrown instanceof RelayError ? thrown : new RelayError("internal", { cause: thrown });
}
