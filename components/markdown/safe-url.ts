const OPENED = new Set(["http:", "https:", "mailto:"]);

/** An address that may be opened, or undefined: no script, no file, nothing of this app's own. */
export function safeUrl(
  address: string,
  own: string | undefined = globalThis.location?.origin,
): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && OPENED.has(url.protocol) && url.origin !== own ? url.href : undefined;
}
