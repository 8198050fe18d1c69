import { ROUTES } from "../../lib/contract.ts";
import { problemOfBody, problemOfFailedFetch, type Problem } from "../chats/problem.ts";

/**
 * Trades an access key for a session and goes to a page.
 *
 * @param returnTo a path of ours
 * @returns what is wrong, or undefined when the page is about to be left
 */
export async function signInWith(key: string, returnTo: string): Promise<Problem | undefined> {
  try {
    const response = await fetch(ROUTES.session, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ key }),
    });
    if (!response.ok) return problemOfBody(await response.text());
    // A load, not a route change: the server looks at the new cookie.
    location.replace(returnTo);
    return undefined;
  } catch {
    return problemOfFailedFetch(navigator.onLine);
  }
}
