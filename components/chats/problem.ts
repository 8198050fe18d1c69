import type { Link } from "../../lib/error-table.ts";
import type { Problem } from "../../lib/store/records.ts";
import { strings } from "../strings/strings.ts";

/** The chain, from here to the model. */
export const LINKS = ["browser", "app", "network", "door", "ollama"] as const satisfies Link[];

/** Reads an error object (`lib/errors.ts`); undefined when it is none. */
export function readProblem(value: unknown): Problem | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fields: Record<string, unknown> = { ...value };
  const { code, message, fix, retryable, retryAfterSeconds, requestId } = fields;
  const link = LINKS.find((each) => each === fields["link"]);
  if (typeof code !== "string" || typeof message !== "string" || link === undefined) {
    return undefined;
  }
  return {
    code,
    link,
    message,
    fix: typeof fix === "string" ? fix : "",
    retryable: retryable === true,
    ...(typeof retryAfterSeconds === "number" ? { retryAfterSeconds } : {}),
    ...(typeof requestId === "string" ? { requestId } : {}),
  };
}

/** Reads the body of an answer that is not 2xx: our envelope, or whatever stood in between. */
export function problemOfBody(body: string): Problem {
  return readProblem(readEnvelope(body)) ?? appFailed();
}

/** For a fetch that came to no answer at all. */
export function problemOfFailedFetch(online: boolean): Problem {
  return online
    ? { code: "app_unreachable", link: "app", retryable: true, ...strings.problems.appUnreachable }
    : { code: "offline", link: "browser", retryable: true, ...strings.problems.offline };
}

/**
 * For an answer whose end did not come. What breaks behind the app the app tells: so it is this connection, and on
 * which side nobody knows unless this device is offline.
 */
export function interrupted(online: boolean): Problem {
  return {
    code: "interrupted",
    link: online ? "app" : "browser",
    retryable: true,
    ...strings.problems.interrupted,
  };
}

/** For an answer that this page cannot read. */
export function appFailed(): Problem {
  return { code: "internal", link: "app", retryable: true, ...strings.problems.appFailed };
}

function readEnvelope(body: string): unknown {
  try {
    const document: unknown = JSON.parse(body);
    return typeof document === "object" && document !== null && "error" in document
      ? document.error
      : undefined;
  } catch {
    // Not JSON: a page of something that stands in front of the app.
    return undefined;
  }
}

export type { Problem };
