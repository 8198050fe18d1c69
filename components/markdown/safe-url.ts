const OPENED = new Set(["http:", "https:", "mailto:"]);

/** An address that may be opened, or undefined: no script, no file, nothing of this app's own. */
export function safeUrl(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && OPENED.has(url.protocol) ? url.href : undefined;
}
