/** What decides a page's policy. */
export interface PageSituation {
  /** Base64, new for each answer. */
  readonly nonce: string;
  /** Whether the browser came by HTTPS. */
  readonly isSecure: boolean;
  /** Whether the page is served by `next dev`. */
  readonly isDevelopment: boolean;
}

/** 128 bits of chance, base64: what a script or a style must carry to be run. */
export function makeNonce(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
}

type Directives = Readonly<Record<string, readonly string[]>>;

/**
 * The Content-Security-Policy of our pages (W3C CSP Level 3). Scripts run by nonce alone, and may load others, as
 * Next's do; the page reaches, shows and sends nothing beyond its own origin.
 */
export function pagePolicy({ nonce, isSecure, isDevelopment }: PageSituation): string {
  const directives: Directives = {
    "default-src": ["'none'"],
    "script-src": [`'nonce-${nonce}'`, "'strict-dynamic'"],
    "style-src": ["'self'", `'nonce-${nonce}'`],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    ...CONFINED,
    "form-action": ["'self'"],
  };
  return print({
    ...directives,
    ...(isDevelopment ? developmentOf(nonce) : TRUSTED_TYPES),
    // On a plain address at home the upgrade would break every request.
    ...(isSecure ? { "upgrade-insecure-requests": [] } : {}),
  });
}

/** Nothing but its own style sheet: for the page of an app that is not set up. */
export function setupPolicy(nonce: string): string {
  return print({ "default-src": ["'none'"], "style-src": [`'nonce-${nonce}'`], ...CONFINED });
}

/**
 * No text becomes HTML or code in the page, whoever wrote it (W3C Trusted Types): not by `innerHTML`, not by eval. The
 * one policy there may be is the one instrumentation-client.ts makes, for the addresses of the build's own scripts.
 */
const TRUSTED_TYPES: Directives = {
  "require-trusted-types-for": ["'script'"],
  "trusted-types": ["default"],
};

/** No base, no form, no frame round it, no plug-in. */
const CONFINED: Directives = {
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
  "object-src": ["'none'"],
};

/** React rebuilds the server's stack traces by eval, and Next's overlay brings styles of its own. */
function developmentOf(nonce: string): Directives {
  return {
    "script-src": [`'nonce-${nonce}'`, "'strict-dynamic'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "connect-src": ["'self'", "ws:", "wss:"],
  };
}

function print(directives: Directives): string {
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(" "))
    .join("; ");
}

/** What a page may never ask the browser for. All are names that Chromium knows: it complains of others. */
const FEATURES_OFF = [
  "accelerometer",
  "camera",
  "display-capture",
  "encrypted-media",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "local-fonts",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "serial",
  "usb",
  "xr-spatial-tracking",
];

/**
 * What every answer of the app carries, whatever it is; next.config.ts has Next send them, with its own
 * refusals and redirects too.
 */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  // Pages elsewhere that were named in ALLOWED_ORIGINS ask by CORS, which this does not concern.
  "cross-origin-resource-policy": "same-origin",
};

/**
 * For the answers of the API: none is a document, and if a browser is led to one all the same, whatever came from
 * a model or a door is neither run nor shown in a frame.
 */
export const ANSWER_POLICY = print({ "default-src": ["'none'"], sandbox: [], ...CONFINED });

/** What pages carry besides: they alone are documents. */
const DOCUMENT_HEADERS: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "permissions-policy": FEATURES_OFF.map((feature) => `${feature}=()`).join(", "),
};

const TWO_YEARS_SECONDS = 63_072_000;

/**
 * Sets what a page's answer carries besides its policy.
 *
 * @param host the request's Host, with or without a port
 */
export function setPageHeaders(headers: Headers, isSecure: boolean, host: string): void {
  for (const [name, value] of Object.entries({ ...ANSWER_HEADERS, ...DOCUMENT_HEADERS })) {
    headers.set(name, value);
  }
  // The names beside ours may be another's: this one alone.
  if (isSecure && isPublicName(host)) {
    headers.set("strict-transport-security", `max-age=${TWO_YEARS_SECONDS}`);
  }
}

/** Neither an address nor this very computer: on those a browser is not to be held to HTTPS (RFC 6797, 8.1.1). */
function isPublicName(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return !/(^$|^\[|^[\d.]+$|^localhost$|\.localhost$)/.test(name);
}
