import { NextResponse, type NextRequest } from "next/server";
import { z } from "zod";
import { findAccessKey, hashKey } from "./access-keys.ts";
import { requireOwnOriginOfBrowser } from "./auth.ts";
import { readJson } from "./body.ts";
import { readConfig } from "./config.ts";
import { SESSION_COOKIE } from "./contract.ts";
import { RelayError } from "./errors.ts";
import { respondOpenly } from "./respond.ts";
import { sealSession, SESSION_SECONDS } from "./session.ts";

const BODY_CAP_BYTES = 4_096;
const signInSchema = z.object({ key: z.string().max(256) });

/** POST /api/session: an access key becomes a session cookie, 204. */
export function signIn(request: NextRequest): Promise<Response> {
  return respondOpenly(request, async () => {
    const config = readConfig();
    requireOwnOriginOfBrowser(request.headers);
    const body = signInSchema.safeParse(await readJson(request, BODY_CAP_BYTES));
    if (!body.success) throw new RelayError("bad_request", { message: "key: a string is wanted." });
    const shown = body.data.key.trim();
    const key =
      shown === ""
        ? undefined
        : findAccessKey(config.accessKeys, hashKey(shown), Date.now() / 1000);
    if (key === undefined) {
      throw new RelayError("unauthorized", {
        message: "That access key is not known here.",
        fix: "Check for a missing character, or ask the owner for a new key.",
      });
    }
    const response = new NextResponse(null, { status: 204 });
    setCookie(request, response, await sealSession(config, key), SESSION_SECONDS);
    return response;
  });
}

/** DELETE /api/session: signs out, 204. */
export function signOut(request: NextRequest): Promise<Response> {
  return respondOpenly(request, async () => {
    readConfig();
    requireOwnOriginOfBrowser(request.headers);
    const response = new NextResponse(null, { status: 204 });
    setCookie(request, response, "", 0);
    return response;
  });
}

function setCookie(
  request: NextRequest,
  response: NextResponse,
  value: string,
  maxAgeSeconds: number,
): void {
  response.cookies.set(SESSION_COOKIE, value, {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    // Only where the request came by HTTPS: a phone on the LAN could not sign in otherwise.
    secure: wasSecure(request),
    maxAge: maxAgeSeconds,
  });
}

function wasSecure(request: NextRequest): boolean {
  const forwarded = request.headers.get("x-forwarded-proto")?.split(",")[0]?.trim();
  return (forwarded ?? request.nextUrl.protocol.replace(":", "")) === "https";
}
