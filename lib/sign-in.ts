import type { NextRequest } from "next/server";
import { z } from "zod";
import { callerAddress } from "./address.ts";
import { findPresentedKey, requireOwnOriginOfBrowser } from "./auth.ts";
import { readJson } from "./body.ts";
import { readConfig } from "./config.ts";
import { RelayError } from "./errors.ts";
import { respondOpenly } from "./respond.ts";
import { sealSession } from "./session.ts";
import { endSession, setSession } from "./session-cookie.ts";
import { wrongKey } from "./wrong-tries.ts";

const BODY_CAP_BYTES = 4_096;
const UNKNOWN_KEY = {
  message: "That access key is not known here.",
  fix: "Check for a missing character, or ask the owner for a new key.",
} as const;
const signInSchema = z.object({ key: z.string().max(256) });

/** POST /api/session: an access key becomes a session cookie, 204. */
export function signIn(request: NextRequest): Promise<Response> {
  return respondOpenly(request, async () => {
    const config = readConfig();
    requireOwnOriginOfBrowser(request.headers);
    const body = signInSchema.safeParse(await readJson(request, BODY_CAP_BYTES));
    if (!body.success) throw new RelayError("bad_request", { message: "key: a string is wanted." });
    const key = findPresentedKey(config, body.data.key.trim());
    if (key === undefined) {
      const error = await wrongKey(config, callerAddress(request.headers, config));
      throw error.code === "unauthorized" ? new RelayError("unauthorized", UNKNOWN_KEY) : error;
    }
    const response = new Response(null, { status: 204 });
    setSession(request, response, await sealSession(config, key));
    return response;
  });
}

/** DELETE /api/session: signs out, 204. */
export function signOut(request: NextRequest): Promise<Response> {
  return respondOpenly(request, async () => {
    readConfig();
    requireOwnOriginOfBrowser(request.headers);
    const response = new Response(null, { status: 204 });
    endSession(request, response);
    return response;
  });
}
