/** What the door hands on: looked at from behind it. */
import type { EchoedRequest } from "../../helpers/echo.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import type { Check, Room } from "./room.ts";
import { KEYS, withKey } from "./room.ts";
import { ask, CALLER_ADDRESS, headOf, openLine, PATIENCE_MS } from "./wire.ts";

const { app: KEY } = KEYS;

/** What a caller may send and Ollama must not see; each value says that it was kept. */
const KEPT_HERE = [
  "X_API_Key: kept-1",
  "X-Api_Key: kept-2",
  `X-API-Keys: ${KEY}`,
  "Api-Key: kept-3",
  "X-Auth-Token: kept-4",
  "X-Client-Secret: kept-5",
  "Authorization: Bearer kept-6",
  "Proxy-Authorization: Basic kept-7",
  "Cookie: session=kept-8",
  "Cookie2: kept-9",
  "Origin: https://kept-10.example",
  "Referer: https://kept-11.example/?q",
  "X-Password: kept-12",
  "X-Session-Id: kept-13",
];

const linesOf = ({ target, headers }: EchoedRequest): readonly string[] => [
  target,
  ...headers.map(([name, value]) => `${name}: ${value}`),
];

async function passedOn(
  { door, behind }: Room,
  target: string,
  headers: readonly string[],
): Promise<EchoedRequest | string> {
  behind.requests.length = 0;
  const { status, head, body } = await ask(door.port, {
    target,
    headers: [withKey, ...headers],
  });
  if (`${head}${body}`.includes(KEY)) return "the answer holds the key";
  return behind.requests[0] ?? `nothing was passed on: ${status}`;
}

/** A trailer is a header that comes after the body: whether it is refused or dropped, none is passed on. */
async function passedAfterBody({ door, behind }: Room): Promise<string | undefined> {
  behind.trailers.length = 0;
  for (const [method, target] of [
    ["POST", "/api/chat"],
    ["GET", "/api/tags"],
  ] as const) {
    const line = await openLine(door.port);
    try {
      const chunked = ["Transfer-Encoding: chunked", "Trailer: X-API-Key, X-Kept"];
      line.send(headOf(door.port, { method, target, headers: [withKey, ...chunked] }));
      line.send(`2\r\n{}\r\n0\r\n${withKey}\r\nX-Kept: kept-15\r\n\r\n`);
      await waitUntil("an answer", () => line.ended(), { timeoutMs: PATIENCE_MS });
    } finally {
      line.leave();
    }
    if (behind.trailers.length > 0)
      return `passed on after ${method}: ${behind.trailers.join(" | ")}`;
  }
  return undefined;
}

export const secretsStay: Check = async (room) => {
  const seen = await passedOn(room, `/api/tags?key=${KEY}&kept-14`, KEPT_HERE);
  if (typeof seen === "string") return seen;
  const leaks = linesOf(seen).filter((line) => line.includes(KEY) || line.includes("kept-"));
  if (leaks.length > 0) return `passed on: ${leaks.join(" | ")}`;
  return await passedAfterBody(room);
};

export const hostRewritten: Check = async ({ door }) => {
  for (const host of ["door.example", "203.0.113.9:11435"]) {
    const { status, body } = await ask(door.port, {
      target: "/api/tags",
      headers: [withKey, `Host: ${host}`],
    });
    if (status !== 200 || !body.includes('"models"')) return `Host ${host}: ${status}`;
  }
  return undefined;
};

/** Addresses that nobody has; 203.0.113.0/24 is for documentation (RFC 5737). */
const FORGED = [
  "X-Forwarded-For: 203.0.113.21",
  "X-Forwarded-For: 203.0.113.22, 127.0.0.1",
  "X_Forwarded_For: 203.0.113.23",
  "X-Real-IP: 203.0.113.24",
  "X_Real_IP: 203.0.113.25",
  "Forwarded: for=203.0.113.26",
  "True-Client-IP: 203.0.113.27",
  "CF-Connecting-IP: 203.0.113.28",
];

export const addressesTrue: Check = async (room) => {
  for (const headers of [[], FORGED]) {
    const seen = await passedOn(room, "/api/tags", headers);
    if (typeof seen === "string") return seen;
    const forged = linesOf(seen).filter((line) => line.includes("203.0.113."));
    if (forged.length > 0) return `forged and passed on: ${forged.join(" | ")}`;
    for (const name of ["x-real-ip", "x-forwarded-for"]) {
      const values = seen.headers.flatMap(([one, value]) => (one === name ? [value] : []));
      if (values.join(" | ") !== CALLER_ADDRESS) {
        return `${name} is ${JSON.stringify(values)} of a caller at ${CALLER_ADDRESS}`;
      }
    }
  }
  return undefined;
};
