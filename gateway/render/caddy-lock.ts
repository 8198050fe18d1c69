/** Who may pass, and to which paths: the lines that answer everybody else. */
import { DOOR_HEALTH_PATH, DOOR_KEY_HEADER, KEY_PATTERN } from "../../lib/contract.ts";
import type { Block, Word } from "../block.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { CADDY_FILES } from "./caddy-files.ts";

/** Who holds the key: this is the placeholder that Caddy's access log prints as `user_id`. */
export const CALLER: Word = { placeholder: "http.auth.user.id" };
const ALLOWED: Word = { placeholder: "latchkey.allowed" };

/** No sub-delimiters, escapes or dots at the start: such a segment means the same to every reader. */
const SEGMENT = "/[A-Za-z0-9_](?:[A-Za-z0-9._:@-]|%3[Aa]|%40)*";

/** For each method that has any, a pattern of its paths as they are sent, so that no spelling slips by. */
export function allowedPaths({ paths }: GatewaySpec): { method: string; pattern: string }[] {
  const byMethod = new Map<string, string[]>();
  for (const entry of paths) {
    const [method = "", path = ""] = entry.split(" ");
    const pattern = path.endsWith("/*") ? `${path.slice(0, -2)}(?:${SEGMENT})+` : path;
    byMethod.set(method, [...(byMethod.get(method) ?? []), pattern]);
  }
  return [...byMethod].map(([method, patterns]) => ({
    method,
    pattern: `(?:${patterns.join("|")})(?:[?]|$)`,
  }));
}

/** The key names its caller, the address its path; health is open. */
export function recognition(spec: GatewaySpec): Block[] {
  return [
    {
      comment: "The key names its caller; none, an empty, a wrong and a doubled one name nobody.",
      keys: ["map", { placeholder: `http.request.header.${DOOR_KEY_HEADER}` }, CALLER],
      children: [{ keys: ["import", CADDY_FILES.keys] }, { keys: ["default", ""] }],
    },
    {
      keys: [
        "map",
        [{ placeholder: "http.request.method" }, " ", { placeholder: "http.request.uri" }],
        ALLOWED,
      ],
      children: [
        { keys: [{ pattern: `~^GET ${DOOR_HEALTH_PATH}(?:[?]|$)` }, "health"] },
        ...allowedPaths(spec).map(({ method, pattern }) => ({
          keys: [{ pattern: `~^${method} ${pattern}` }, "yes"],
        })),
        { keys: ["default", "no"] },
      ],
    },
    { keys: ["@health", "vars", ALLOWED, "health"] },
    { keys: ["respond", "@health", "OK", "200"] },
  ];
}

/**
 * The matcher of requests without a right key: its name is `@stranger`. The key's shape is asked for as well, so that
 * not even an emptied line in the keys' file lets in who shows none.
 */
export function strangers({ callers }: GatewaySpec): Block {
  const known: Block[] = [
    { keys: ["vars", CALLER, ...callers.map(({ name }) => name)] },
    { keys: ["header_regexp", DOOR_KEY_HEADER, { pattern: KEY_PATTERN.source }] },
  ];
  return { keys: ["@stranger"], children: [{ keys: ["not"], children: known }] };
}

/**
 * A body in chunks may end in trailers, which no line takes off: a newer Caddy hands them to Ollama, an older
 * one does where the body is read first, and neither shows them to a matcher. Read first for several Ollamas,
 * a body in chunks that is too long or cut off would also be sent on as if it were whole. So its length has to
 * be announced, as the app does. Before 2.9 no matcher sees Transfer-Encoding; a missing length each can see.
 */
const UNANNOUNCED: readonly Block[] = [
  {
    comment: "Only a body of announced length: others may bring trailers, or be cut off unseen.",
    keys: ["@unannounced"],
    children: [{ keys: ["method", "POST"] }, { keys: ["not", "header", "Content-Length", "*"] }],
  },
  { keys: ["respond", "@unannounced", "411"] },
  { keys: ["@chunked", "header", "Transfer-Encoding", "*"] },
  { keys: ["respond", "@chunked", "411"] },
];

/**
 * Nothing that is asked by GET takes a body. Over HTTP/2 one may come unannounced, with trailers behind it, and before
 * several Ollamas an older Caddy takes one that it cannot send again for an Ollama that failed. Only reading shows it:
 * in a route of its own, so that no other body is read here.
 */
const BODIED: readonly Block[] = [
  { keys: ["@got", "method", "GET"] },
  {
    keys: ["route", "@got"],
    children: [
      {
        comment: "Nothing that is asked by GET takes a body.",
        keys: ["@bodied", "not", "vars", { placeholder: "http.request.body" }, ""],
      },
      { keys: ["respond", "@bodied", "400"] },
    ],
  },
];

/** What passes these lines comes from a caller and may reach Ollama. */
export function refusals(spec: GatewaySpec): Block[] {
  const { bodyMegabytes } = spec.limits;
  return [
    { keys: ["@forbidden", "not", "vars", ALLOWED, "yes"] },
    { keys: ["respond", "@forbidden", "404"] },
    {
      comment: "No list of paths applies to a connection that has become something else.",
      keys: ["@upgrade", "header", "Upgrade", "*"],
    },
    { keys: ["respond", "@upgrade", "404"] },
    ...UNANNOUNCED,
    {
      keys: [
        "@oversized",
        "header_regexp",
        "Content-Length",
        { pattern: atLeastMegabytes(bodyMegabytes) },
      ],
    },
    { keys: ["respond", "@oversized", "413"] },
    { keys: ["request_body"], children: [{ keys: ["max_size", `${bodyMegabytes}MB`] }] },
    ...BODIED,
  ];
}

/**
 * A pattern of every decimal number from so many million on: Caddy compares no numbers, and answers
 * a body that turns out too long by 502 in its older versions.
 */
export function atLeastMegabytes(megabytes: number): string {
  const digits = String(megabytes);
  const larger = Array.from(digits).flatMap((digit, index) => {
    const rest = digits.length - index - 1 + 6;
    return digit === "9" ? [] : [`${digits.slice(0, index)}${above(digit)}[0-9]{${rest}}`];
  });
  const longer = `[1-9][0-9]{${digits.length + 6},}`;
  return `^0*(?:${[`${digits}[0-9]{6}`, ...larger, longer].join("|")})$`;
}

function above(digit: string): string {
  return digit === "8" ? "9" : `[${Number(digit) + 1}-9]`;
}
