/** One chat's page. Whatever else an address may hold (a host, a scheme, an escape, a query) does not fit in. */
const CHAT_PAGE = /^\/c\/[A-Za-z0-9_-]{1,64}$/;

/** The name of a chat in an address. */
const CHAT_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether this may name a chat: the part of `/c/ID` after the last slash, as it stands in the address. */
export function isChatId(text: string): boolean {
  return CHAT_ID.test(text);
}

/**
 * Where to go after signing in: the page that was asked for if it is one of ours, else the chat.
 * Nothing is parsed or decoded, so nothing can be read one way here and another way by a browser.
 *
 * @param wanted what `to` held in the address: anything at all, written by anybody
 */
export function returnPath(wanted: unknown): string {
  return typeof wanted === "string" && CHAT_PAGE.test(wanted) ? wanted : "/";
}

/**
 * The sign-in page's address for who asked for a page without being signed in.
 *
 * @param signIn the path of the sign-in page
 * @param asked the path of the page, as it stood in the address
 */
export function signInPath(signIn: string, asked: string): string {
  const path = returnPath(asked);
  // None of its characters means anything in a query.
  return path === "/" ? signIn : `${signIn}?to=${path}`;
}
