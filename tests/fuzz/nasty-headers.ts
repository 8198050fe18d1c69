import {
  array,
  constant,
  constantFrom,
  integer,
  oneof,
  string,
  tuple,
  type Arbitrary,
} from "fast-check";

/** What Headers takes at its edge: everything of Latin-1 but controls. */
const headerText = string({
  unit: integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 60,
});

function authorizations(accessKey: string): Arbitrary<string> {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
  return oneof(
    constantFrom(
      "",
      "Bearer",
      "Bearer ",
      "Bearer  ",
      `bearer ${accessKey}`,
      `Bearer  ${accessKey}`,
      `Bearer ${accessKey} ${accessKey}`,
      `Bearer ${accessKey},`,
      `Token ${accessKey}`,
      basic(`anybody:${accessKey}`),
      basic(`:${accessKey}`),
      basic(accessKey),
      basic("a:b:c"),
      "Basic ====",
      "Basic ÿÿÿ",
      `Bearer ${"k".repeat(100_000)}`,
    ),
    headerText,
    headerText.map((text) => `Bearer ${text}`),
    headerText.map((text) => `Basic ${text}`),
  );
}

const OTHER_NAMES = [
  "x-request-id",
  "content-type",
  "content-encoding",
  "content-length",
  "origin",
  "sec-fetch-site",
  "host",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-real-ip",
  "cookie",
  "accept",
  "if-none-match",
  "access-control-request-method",
  "access-control-request-headers",
] as const;
const OTHER_VALUES = [
  "http://app.example",
  "https://evil.example",
  "null",
  "same-origin",
  "cross-site",
  "1e9",
  "-1",
  "0",
  "gzip",
  "latchkey=",
  "latchkey=Fe26.2*1*a*b*c*1*d*e~2",
  "latchkey=%E0%A4%A; latchkey=x",
  "1.2.3.4, ::1, [::1]:1, 999.1.1.1, ::ffff:1.2.3.4",
  "::::::::::::",
  "a".repeat(65),
  "POST",
] as const;

const others = array(
  tuple(constantFrom(...OTHER_NAMES), oneof(constantFrom(...OTHER_VALUES), headerText)),
  { maxLength: 3 },
);

/** What the owner may show. */
export interface Identity {
  readonly accessKey: string;
  /** The value of a session cookie. */
  readonly session: string;
}

export type SentHeaders = readonly (readonly [name: string, value: string])[];

const cookie = (value: string): SentHeaders => [
  ["cookie", `latchkey=${value}`],
  ["sec-fetch-site", "same-origin"],
];

/** A key or a session in some form, right in most cases. */
function shownBy({ accessKey, session }: Identity): Arbitrary<SentHeaders> {
  const half = session.length / 2;
  return oneof(
    { weight: 8, arbitrary: constant<SentHeaders>([["authorization", `Bearer ${accessKey}`]]) },
    { weight: 1, arbitrary: constant<SentHeaders>([["x-api-key", accessKey]]) },
    { weight: 1, arbitrary: constant(cookie(session)) },
    {
      weight: 1,
      arbitrary: constantFrom(
        cookie(session.slice(0, half)),
        cookie(session.slice(0, half) + session.slice(half + 1)),
        cookie(session.replace("*", "%")),
        cookie(`"${session}"`),
      ),
    },
    {
      weight: 2,
      arbitrary: authorizations(accessKey).map((value): SentHeaders => [["authorization", value]]),
    },
    { weight: 1, arbitrary: headerText.map((value): SentHeaders => [["x-api-key", value]]) },
  );
}

/** Headers of the owner, or of one who shows something odd; without an identity of a stranger. */
export function headersOf(identity: Identity | undefined): Arbitrary<SentHeaders> {
  const shown = identity === undefined ? constant<SentHeaders>([]) : shownBy(identity);
  return oneof(
    { weight: 3, arbitrary: shown },
    { weight: 1, arbitrary: tuple(shown, others).map(([own, more]) => [...own, ...more]) },
  );
}
