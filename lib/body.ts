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
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    // The parser's own words quote the body, and a prompt is not for the log.
    throw new RelayError("bad_request", { message: "The body is not JSON." });
  }
}
