import { NextResponse, type NextRequest } from "next/server";
import { keyOfCookie } from "./lib/auth.ts";
import { readConfig, readConfigProblems } from "./lib/config.ts";
import { REQUEST_ID_HEADER, ROUTES, SESSION_COOKIE } from "./lib/contract.ts";
import { makeNonce, pagePolicy, setPageHeaders, setupPolicy } from "./lib/page-headers.ts";
import { signInPath } from "./lib/return-to.ts";
import { wasSecure } from "./lib/session-cookie.ts";
import { setupPage } from "./lib/setup-page.ts";

const POLICY_HEADER = "content-security-policy";

/**
 * For pages only: the set-up answer, the way to sign-in, a request id, and what makes a page safe by construction.
 * The API has its own frame, and a matched proxy would hold back request bodies.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const response = await answer(request);
  response.headers.set(REQUEST_ID_HEADER, crypto.randomUUID());
  setPageHeaders(response.headers, wasSecure(request), request.headers.get("host") ?? "");
  return response;
}

async function answer(request: NextRequest): Promise<NextResponse> {
  const problems = readConfigProblems();
  // Answered here: a rewrite to a page would lose the status, and a rewrite on a named loopback host is
  // sent over the network again (next.js issue 94745).
  if (problems.length > 0) {
    const nonce = makeNonce();
    const headers = {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      [POLICY_HEADER]: setupPolicy(nonce),
    };
    return new NextResponse(setupPage(problems, nonce), { status: 503, headers });
  }
  const { pathname } = request.nextUrl;
  if (pathname === ROUTES.signIn || (await mayEnter(request))) return showPage(request);
  const target = new URL(signInPath(ROUTES.signIn, pathname), request.url);
  return NextResponse.redirect(target, { status: 307, headers: { "cache-control": "no-store" } });
}

async function mayEnter(request: NextRequest): Promise<boolean> {
  const config = readConfig();
  if (config.publicAccess) return true;
  return (await keyOfCookie(request.cookies.get(SESSION_COOKIE)?.value, config)) !== undefined;
}

/** Next finds the nonce in the policy of the request, and gives it to each script and style it writes. */
function showPage(request: NextRequest): NextResponse {
  const policy = pagePolicy({
    nonce: makeNonce(),
    isSecure: wasSecure(request),
    isDevelopment: process.env.NODE_ENV === "development",
  });
  const asked = new Headers(request.headers);
  asked.set(POLICY_HEADER, policy);
  const response = NextResponse.next({ request: { headers: asked } });
  response.headers.set(POLICY_HEADER, policy);
  return response;
}

export const config = {
  matcher: ["/((?!(?:api|v1|ollama)(?:/|$)|_next/static/|icon\\.svg$|icon-180\\.png$).*)"],
};
