import type { NextRequest } from "next/server";
import { findAccessKey, hashKey, type AccessKey, type Role } from "./access-keys.ts";
import type { Config } from "./config.ts";
import { SESSION_COOKIE } from "./contract.ts";
import { RelayError } from "./errors.ts";
import { openSession } from "./session.ts";

/** Who asks. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  /** How they showed who they are; `none` only with PUBLIC_ACCESS. */
  readonly by: "key" | "cookie" | "none";
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Who asks, by key (Bearer, x-api-key, Basic with the key as password) or session cookie.
 * A key that is shown and wrong is never made good by a cookie or by PUBLIC_ACCESS.
 * Throws RelayError `unauthorized`, or `forbidden_origin` for a cookie used from elsewhere.
 */
export async function authenticate(request: NextRequest, config: Config): Promise<Caller> {
  const shown = presentedKey(request.headers);
  if (shown !== undefined) {
    // An empty key is never a key, whatever hash somebody has put among the known ones.
    const key =
      shown === ""
        ? undefined
        : findAccessKey(config.accessKeys, hashKey(shown), Date.now() / 1000);
    if (key === undefined) throw new RelayError("unauthorized");
    return { name: key.name, role: key.role, by: "key" };
  }
  const key = await keyOfCookie(request.cookies.get(SESSION_COOKIE)?.value, config);
  if (key !== undefined) {
    if (!SAFE_METHODS.has(request.method)) requireOwnOrigin(request.headers);
    return { name: key.name, role: key.role, by: "cookie" };
  }
  if (config.publicAccess) {
    // Any page on the web could send a visitor's browser here.
    if (!SAFE_METHODS.has(request.method)) requireOwnOriginOfBrowser(request.headers);
    return { name: "guest", role: "guest", by: "none" };
  }
  throw new RelayError("unauthorized");
}

/** The access key a session cookie was sealed for, if it is still among the known ones. */
export async function keyOfCookie(
  cookie: string | undefined,
  config: Config,
): Promise<AccessKey | undefined> {
  const hash = cookie === undefined ? undefined : await openSession(config, cookie);
  return hash === undefined ? undefined : findAccessKey(config.accessKeys, hash, Date.now() / 1000);
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

/** The access key a request shows, or undefined when it shows none; an empty one counts as shown. */
function presentedKey(headers: Headers): string | undefined {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const [, scheme, value = ""] = /^(bearer|basic) +(\S+)$/i.exec(authorization) ?? [];
    if (scheme === undefined) return "";
    return scheme.toLowerCase() === "bearer" ? value : passwordOf(value);
  }
  return headers.get("x-api-key") ?? undefined;
}

/** RFC 7617: base64 of `user:password`; a password may hold colons, a user may not. */
function passwordOf(basic: string): string {
  const text = Buffer.from(basic, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon === -1 ? "" : text.slice(colon + 1);
}
