import { RelayError } from "./errors.ts";

/**
 * Reads a request's body as JSON, at most `capBytes` of it: what is larger is refused before it is read whole.
 * Throws RelayError `body_too_large` or `bad_request`.
 */
export async function readJson(request: Request, capBytes: number): Promise<unknown> {
  if (Number(request.headers.get("content-length") ?? 0) > capBytes) {
    throw new RelayError("body_too_large");
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > capBytes) throw new RelayError("body_too_large");
    chunks.push(chunk);
  }
  const value = parse(Buffer.concat(chunks).toString("utf8"));
  if (isTooDeep(value)) {
    throw new RelayError("bad_request", { message: "body: it is nested too deeply." });
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the body, and a prompt is not for the log.
    throw new RelayError("bad_request", { message: "The body is not JSON." });
  }
}

/** What is written out or walked later by calls within calls must not run out of stack. */
const MOST_LEVELS = 200;

function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) return true;
    level = level.flatMap((each) =>
      typeof each === "object" && each !== null ? Object.values(each) : [],
    );
  }
  return false;
}
