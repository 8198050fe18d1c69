/** Who is let in: everybody asks from here, with all kinds of keys. */
import { randomBytes } from "node:crypto";
import type { Knock } from "../../helpers/knock.ts";
import type { Check, Room } from "./room.ts";
import { KEYS, KEY_LINES, withKey } from "./room.ts";
import { ask } from "./wire.ts";

const { app: KEY, other: OTHER } = KEYS;
const WRONG = randomBytes(32).toString("hex");

/** Requests that are 401 without a key: all but the open health check. */
const EVERYTHING_ELSE: readonly Knock[] = [
  { target: "/api/tags" },
  { target: "/" },
  { target: "/nothing" },
  { target: "/api/delete", method: "DELETE" },
  { target: "/api/pull", method: "POST", body: "{}" },
  { target: "/api/chat", method: "POST", body: "{}" },
  { target: "/api/chat", method: "OPTIONS", headers: ["Origin: https://a.example"] },
  { target: "/api/tags", method: "HEAD" },
  { target: "/api/tags", headers: ["Connection: Upgrade", "Upgrade: websocket"] },
  { target: "/api/tags", headers: ["Host: localhost"] },
  { target: "/api/tags", headers: ["X-Original-URL: /health", "X-Rewrite-URL: /health"] },
  { target: "/health", method: "POST" },
  { target: "/health/" },
  { target: "//health" },
  { target: "/HEALTH" },
  { target: "/%68ealth" },
  { target: "/health/../api/tags" },
  { target: "/api/tags?/health" },
  { target: "http://127.0.0.1/api/tags" },
];

/** Which a server may refuse as malformed before the lock is asked. */
const ODD: readonly Knock[] = [
  { target: "/api/tags", method: "get" },
  { target: "/api/tags", method: "NONSENSE" },
  { target: "/api/tags", method: "TRACE" },
  { target: "/api/%zz" },
  { target: "/health/../../api/tags" },
];

const nameOf = ({ method = "GET", target, headers = [] }: Knock): string =>
  [method, target, ...headers].join(" ");

/** The first that is not refused as it should be, or that got through. */
async function firstPassed(
  { door, behind }: Room,
  knocks: readonly Knock[],
  isRefused = (status: number): boolean => status === 401,
): Promise<string | undefined> {
  for (const one of knocks) {
    behind.requests.length = 0;
    const { status } = await ask(door.port, one);
    const passed = behind.requests.length > 0 ? ", and was passed on" : "";
    if (!isRefused(status) || passed !== "") return `${nameOf(one)}: ${status}${passed}`;
  }
  return undefined;
}

const asTags = (headers: readonly string[]): Knock => ({ target: "/api/tags", headers });

/** A door that is locked to all is none. */
async function rightKeyWrong({ door, behind }: Room): Promise<string | undefined> {
  behind.requests.length = 0;
  const { status } = await ask(door.port, asTags([withKey]));
  if (status === 200 && behind.requests.length === 1) return undefined;
  return `the right key: ${status}, passed on ${behind.requests.length} times`;
}

export const denyByDefault: Check = async (room) =>
  (await firstPassed(room, EVERYTHING_ELSE)) ??
  (await firstPassed(room, ODD, (status) => status >= 400 && status < 500));

export const keyRequired: Check = async (room) =>
  (await firstPassed(room, [
    asTags([]),
    asTags([`X-API-Key: ${WRONG}`]),
    asTags([`X_API_Key: ${KEY}`, `X-API-Keys: ${KEY}`, `Api-Key: ${KEY}`, `API-Key: ${KEY}`]),
    asTags([`Authorization: Bearer ${KEY}`]),
    asTags([`Cookie: X-API-Key=${KEY}`]),
    { target: `/api/tags?key=${KEY}&X-API-Key=${KEY}` },
  ])) ??
  (await firstPassed(
    room,
    [{ target: `http://app:${KEY}@127.0.0.1/api/tags` }],
    // nginx takes no name and password in an address.
    (status) => status === 401 || status === 400,
  )) ??
  (await rightKeyWrong(room));

export const keyWellFormed: Check = async (room) =>
  (await firstPassed(
    room,
    [
      "*",
      `${KEY.slice(0, 40)}*`,
      `*${KEY.slice(-40)}`,
      KEY.slice(0, -1),
      KEY.slice(1),
      `${KEY}a`,
      `a${KEY}`,
      KEY.toUpperCase(),
      `"${KEY}"`,
      `'${KEY}'`,
      `Bearer ${KEY}`,
      `${KEY}, ${WRONG}`,
      `${WRONG}, ${KEY}`,
      `${KEY},${OTHER}`,
      `${KEY} ${OTHER}`,
      `${KEY}, ${KEY}`,
      "app",
      "~",
      ".*",
      "{http.auth.user.id}",
      "$latchkey_caller",
    ].map((text) => asTags([`X-API-Key: ${text}`])),
  )) ??
  // Whichever of two a server reads, the first is wrong here.
  (await firstPassed(room, [
    asTags([`X-API-Key: ${WRONG}`, withKey]),
    asTags(["X-API-Key:", withKey]),
  ])) ??
  (await rightKeyWrong(room));

export const keySingle: Check = async (room) =>
  (await firstPassed(room, [
    asTags([withKey, `X-API-Key: ${WRONG}`]),
    asTags([`X-API-Key: ${WRONG}`, withKey]),
    asTags([withKey, withKey]),
    asTags([withKey, `x-api-key: ${OTHER}`]),
    asTags([withKey, "X-API-Key:"]),
  ])) ?? (await rightKeyWrong(room));

const WITHOUT_KEY: readonly Knock[] = [
  [],
  ["X-API-Key:"],
  ["X-API-Key:    "],
  ["X-API-Key:", "X-API-Key:"],
  ['X-API-Key: ""'],
].map((headers) => asTags(headers));

/** What the keys' file may become by a mistake; a server that refuses it goes on as before. */
function emptiedFiles({ door }: Room): Readonly<Record<string, string>> {
  const full = door.renderKeys(KEY_LINES.slice(0, 1));
  const end = door.kind === "nginx" ? ";" : "";
  return {
    "no lines": "\n",
    "a line without its key": full.replace(KEY, ""),
    "an empty key": `"" app${end}\n`,
    "a variable that is not set": `"{$LATCHKEY_UNSET}" app${end}\n`,
    "a placeholder that is not set": `"{env.LATCHKEY_UNSET}" app${end}\n`,
  };
}

export const emptyKeySafe: Check = async (room) => {
  const { door } = room;
  const usual = await firstPassed(room, WITHOUT_KEY);
  if (usual !== undefined) return usual;
  try {
    for (const [name, text] of Object.entries(emptiedFiles(room))) {
      const refused = await door.takeKeys(text).then(
        () => "",
        () => ", refused by the server",
      );
      const passed = await firstPassed(room, WITHOUT_KEY);
      if (passed !== undefined) return `with ${name} in its keys' file${refused}: ${passed}`;
    }
  } finally {
    await door.takeKeys(door.renderKeys(KEY_LINES));
  }
  return await rightKeyWrong(room);
};

export const healthOpen: Check = async ({ door, behind }) => {
  behind.requests.length = 0;
  for (const headers of [[], [`X-API-Key: ${WRONG}`], [withKey], ["Origin: https://a.example"]]) {
    for (const target of ["/health", "/health?x=1"]) {
      const { status, head, body } = await ask(door.port, { target, headers });
      if (status !== 200 || body !== "OK") return `${target}: ${status} ${JSON.stringify(body)}`;
      const told = /^.*(?:caddy|via:|\d+\.\d+|ollama|x-api-key|debian).*$/im.exec(head)?.[0];
      if (told !== undefined) return `${target} tells "${told}"`;
    }
  }
  return behind.requests.length > 0 ? "the check was passed on" : undefined;
};
