import { NextResponse, type NextRequest } from "next/server";
import { keyOfCookie } from "./lib/auth.ts";
import { readConfig, readConfigProblems } from "./lib/config.ts";
import { REQUEST_ID_HEADER, ROUTES, SESSION_COOKIE } from "./lib/contract.ts";

/**
 * For pages only: the set-up answer, the way to sign-in, a request id. The API has its own frame, and a
 * matched proxy would hold back request bodies.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const response = await answer(request);
  response.headers.set(REQUEST_ID_HEADER, crypto.randomUUID());
  return response;
}

async function answer(request: NextRequest): Promise<NextResponse> {
  if (readConfigProblems().length > 0) {
    return NextResponse.rewrite(new URL("/setup", request.url));
  }
  if (request.nextUrl.pathname === ROUTES.signIn) return NextResponse.next();
  const config = readConfig();
  const key = await keyOfCookie(request.cookies.get(SESSION_COOKIE)?.value, config);
  if (key !== undefined || config.publicAccess) return NextResponse.next();
  return NextResponse.redirect(new URL(ROUTES.signIn, request.url), 307);
}

export const config = {
  matcher: ["/((?!api/|v1/|ollama(?:/|$)|_next/static/|_next/image|icon|favicon).*)"],
};
