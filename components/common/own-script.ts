/** Where the scripts are that this app is built of. */
const BUILT = "/_next/static/";

/**
 * Whether this is one of the app's own scripts, which may be loaded; the build's on the page's own origin.
 *
 * @param url as it was given to a script element: whole, or a path of the page's
 * @param origin the page's own
 */
export function isOwnScript(url: string, origin: string): boolean {
  if (!URL.canParse(url, origin)) return false;
  // Parsed as the browser does, with `..`, backslashes and all.
  const script = new URL(url, origin);
  return script.origin === origin && script.pathname.startsWith(BUILT);
}
