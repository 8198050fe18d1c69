import { NextResponse, type NextRequest } from "next/server";
import { keyOfCookie } from "./lib/auth.ts";
import { readConfig, readConfigProblems } from "./lib/config.ts";
import { REQUEST_ID_HEADER, ROUTES, SESSION_COOKIE } from "./lib/contract.ts";
import { setupPage } from "./lib/setup-page.ts";

/**
 * For pages only: the set-up answer, the way to sign-in, a request id. The API has its own frame, and a
 * matched proxy would hold back request bodies.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const response = await answer(request);
  response.headers.set(REQUEST_ID_HEADER, crypto.randomUUID());
  response.headers.set("content-security-policy", "frame-ancestors 'none'");
  response.headers.set("x-content-type-options", "nosniff");
  return response;
}

async function answer(request: NextRequest): Promise<NextResponse> {
  const problems = readConfigProblems();
  // Answered here: a rewrite to a page would lose the status, and a rewrite on a named loopback host is
  // sent over the network again (next.js issue 94745).
  if (problems.length > 0) {
    const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
    return new NextResponse(setupPage(problems), { status: 503, headers });
  }
  if (request.nextUrl.pathname === ROUTES.signIn) return NextResponse.next();
  const config = readConfig();
  const session = await keyOfCookie(request.cookies.get(SESSION_COOKIE)?.value, config);
  if (session !== undefined || config.publicAccess) return NextResponse.next();
  return NextResponse.redirect(new URL(ROUTES.signIn, request.url), 307);
}

export const config = {
  matcher: ["/((?!(?:api|v1|ollama)(?:/|$)|_next/static/|icon\\.svg$|icon-180\\.png$).*)"],
};
