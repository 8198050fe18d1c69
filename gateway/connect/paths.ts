/** Whose shapes a path's answers have, errors of ours included. */
export type Dialect = "ollama" | "openai";

/** Where a request goes at the app. */
export interface Destination {
  readonly dialect: Dialect;
  /** Path and query, as they are sent. */
  readonly path: string;
}

/** What a path may be made of (RFC 3986, pchar); a backslash is a slash to some. */
const PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/;
/** Visible ASCII without the sign that begins a fragment. */
const QUERY = /^(?:\?[\x21\x22\x24-\x7e]*)?$/;

/** `.` and `..`, also with the parameters that some servers take off a segment. */
const DOTS = /^\.{1,2}(?:;|$)/;
const CONTROL = /\p{Cc}/u;

/** Decoded once; undefined for what a server on the way could decode once more, or not at all. */
function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text);
    return decoded.includes("%") ? undefined : decoded;
  } catch {
    // A % that begins no byte, or bytes that are no text.
    return undefined;
  }
}

/** Whether a path means the same to everybody: nothing in it leads up, out or nowhere. */
function isPlain(path: string): boolean {
  const decoded = PATH.test(path) ? decode(path) : undefined;
  if (decoded === undefined || CONTROL.test(decoded)) return false;
  const [, ...segments] = decoded.split(/[/\\]/);
  return segments.every((segment) => segment !== "" && !DOTS.test(segment));
}

/**
 * Where a request goes: Ollama's paths to the app's Ollama routes, OpenAI's to its own of that name.
 *
 * @param target as it stands in the request line
 * @returns undefined for all others
 */
export function mapPath(target: string): Destination | undefined {
  const [, path = "", query = ""] = /^([^?]*)(\?.*)?$/s.exec(target) ?? [];
  if (!QUERY.test(query)) return undefined;
  if (!isPlain(path)) return undefined;
  if (path.startsWith("/api/")) return { dialect: "ollama", path: `/ollama${path}${query}` };
  if (path.startsWith("/v1/")) {
    return { dialect: "openai", path: `${path}${query}` };
  }
  return undefined;
}
