import { NextResponse, type NextRequest } from "next/server";
import { SESSION_COOKIE } from "./contract.ts";
import { SESSION_SECONDS } from "./session.ts";

/** Puts a sealed session into an answer. */
export function setSession(request: NextRequest, response: Response, sealed: string): void {
  setCookie(request, response, sealed, SESSION_SECONDS);
}

/** Has the browser forget the session. */
export function endSession(request: NextRequest, response: Response): void {
  setCookie(request, response, "", 0);
}

function setCookie(
  request: NextRequest,
  response: Response,
  value: string,
  maxAgeSeconds: number,
): void {
  // Next writes the header; the answer itself may be one that streams.
  const written = new NextResponse(null);
  written.cookies.set(SESSION_COOKIE, value, {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    // Only where the request came by HTTPS: a phone on the LAN could not sign in otherwise.
    secure: wasSecure(request),
    maxAge: maxAgeSeconds,
  });
  for (const line of written.headers.getSetCookie()) response.headers.append("set-cookie", line);
}

/** Whether the caller came by HTTPS, to this process or to a proxy before it. */
export function wasSecure(request: NextRequest): boolean {
  const forwarded = request.headers.get("x-forwarded-proto")?.split(",")[0]?.trim();
  return (forwarded ?? request.nextUrl.protocol.replace(":", "")) === "https";
}
