import type { NextRequest } from "next/server";
import { findAccessKey, hashKey, type AccessKey, type Role } from "./access-keys.ts";
import { callerAddress } from "./address.ts";
import type { Config } from "./config.ts";
import { KEY_PATTERN, SESSION_COOKIE } from "./contract.ts";
import { isAllowedOrigin } from "./cors.ts";
import { RelayError } from "./errors.ts";
import { openSession } from "./session.ts";
import { wrongKey } from "./wrong-tries.ts";

/** Who asks. */
export interface Caller {
  /** What is counted, queued and told by: `key:NAME`, or a stranger's address. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** How they showed who they are; `none` only with PUBLIC_ACCESS. */
  readonly by: "key" | "cookie" | "none";
  /** The key whose session cookie is to be sealed anew. */
  readonly staleSession?: AccessKey;
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Who asks, by key (Bearer, x-api-key, Basic with the key as password) or session cookie.
 * A key that is shown and wrong is never made good by a cookie or by PUBLIC_ACCESS.
 * Throws RelayError `unauthorized`, `rate_limited` after too many wrong keys, or `forbidden_origin` for what a browser
 * sends along by itself (cookie, Basic) from a page elsewhere.
 */
export async function authenticate(request: NextRequest, config: Config): Promise<Caller> {
  const { headers } = request;
  const changes = !SAFE_METHODS.has(request.method);
  const shown = presentedKey(headers);
  if (shown !== undefined) {
    const key = findPresentedKey(config, shown.key);
    // Nothing at all is no try at a key.
    if (shown.key === "") throw new RelayError("unauthorized");
    if (key === undefined) throw await wrongKey(config, callerAddress(headers, config));
    if (changes && shown.byBrowser) requireOwnOriginOfBrowser(headers);
    return callerOf(key, "key");
  }
  const session = await keyOfCookie(request.cookies.get(SESSION_COOKIE)?.value, config);
  if (session !== undefined) {
    if (changes) requireOwnOrigin(headers);
    const { key, isStale } = session;
    return { ...callerOf(key, "cookie"), ...(isStale ? { staleSession: key } : {}) };
  }
  if (config.publicAccess) {
    // Any page on the web could send a visitor's browser here.
    if (changes && !isAllowedOrigin(headers, config)) requireOwnOriginOfBrowser(headers);
    return { id: callerAddress(headers, config), name: "guest", role: "guest", by: "none" };
  }
  throw new RelayError("unauthorized");
}

function callerOf({ name, role }: AccessKey, by: "key" | "cookie"): Caller {
  return { id: `key:${name}`, name, role, by };
}

/** The access key that was shown, unless it is malformed, unknown or expired. */
export function findPresentedKey(config: Config, shown: string): AccessKey | undefined {
  // What is no key at all, the empty one above all, is never looked for, whatever hash stands among the known.
  if (!KEY_PATTERN.test(shown)) return undefined;
  return findAccessKey(config.accessKeys, hashKey(shown), Date.now() / 1000);
}

/** The access key a session cookie was sealed for, if it is still among the known ones. */
export async function keyOfCookie(
  cookie: string | undefined,
  config: Config,
): Promise<{ readonly key: AccessKey; readonly isStale: boolean } | undefined> {
  const session = cookie === undefined ? undefined : await openSession(config, cookie);
  if (session === undefined) return undefined;
  const key = findAccessKey(config.accessKeys, session.hash, Date.now() / 1000);
  return key && { key, isStale: session.isStale };
}

/**
 * Refuses a browser's request from another origin. Sec-Fetch-Site comes only on trustworthy addresses,
 * a phone on the LAN speaks plain HTTP: then Origin must name the host that was asked.
 * Throws RelayError `forbidden_origin`.
 */
function requireOwnOrigin(headers: Headers): void {
  const site = headers.get("sec-fetch-site");
  if (site !== null) {
    if (site === "same-origin") return;
    throw new RelayError("forbidden_origin");
  }
  const origin = headers.get("origin");
  const own =
    origin !== null && URL.canParse(origin) && new URL(origin).host === headers.get("host");
  if (!own) throw new RelayError("forbidden_origin");
}

/**
 * The same for who shows no cookie: a browser always says where a POST comes from, and what says nothing
 * is a program, with no visitor to abuse. Throws RelayError `forbidden_origin`.
 */
export function requireOwnOriginOfBrowser(headers: Headers): void {
  if (headers.has("origin") || headers.has("sec-fetch-site")) requireOwnOrigin(headers);
}

/** What a request shows as its key, if anything; an empty one counts as shown. */
interface PresentedKey {
  readonly key: string;
  /** Whether a browser may have sent it along by itself. */
  readonly byBrowser: boolean;
}

function presentedKey(headers: Headers): PresentedKey | undefined {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const [, scheme = "", value = ""] = /^(bearer|basic) +(\S+)$/i.exec(authorization) ?? [];
    const byBrowser = scheme.toLowerCase() === "basic";
    return { key: byBrowser ? passwordOf(value) : value, byBrowser };
  }
  const key = headers.get("x-api-key");
  return key === null ? undefined : { key, byBrowser: false };
}

/** RFC 7617: base64 of `user:password`; a password may hold colons, a user may not. */
function passwordOf(basic: string): string {
  const text = Buffer.from(basic, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon === -1 ? "" : text.slice(colon + 1);
}
