/** What the door says to browsers: who may show its answers. */
import type { Knock, Reply } from "../../helpers/knock.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import type { Check, Room } from "./room.ts";
import { LISTED_ORIGIN, withKey } from "./room.ts";
import { ask, parseReply, PATIENCE_MS, postChat, within } from "./wire.ts";

function valuesOf({ head }: Reply, name: string): readonly string[] {
  return head.split("\n").flatMap((line) => {
    const colon = line.indexOf(":");
    return line.slice(0, colon).toLowerCase() === name ? [line.slice(colon + 1).trim()] : [];
  });
}

const ORIGIN = "access-control-allow-origin";
const from = (origin: string): string => `Origin: ${origin}`;
const PREFLIGHT = [
  "Access-Control-Request-Method: POST",
  "Access-Control-Request-Headers: x-api-key",
];

interface Case {
  readonly name: string;
  readonly knock: Knock;
  readonly status: number;
  /** What the one header says; undefined: there is none. */
  readonly origin?: string;
}

const tags = (...headers: string[]): Knock => ({ target: "/api/tags", headers });
const preflight = (...headers: string[]): Knock => ({
  method: "OPTIONS",
  target: "/api/chat",
  headers: [...headers, ...PREFLIGHT],
});

const LISTED: readonly Case[] = [
  { name: "preflight", knock: preflight(from(LISTED_ORIGIN)), status: 204 },
  {
    name: "preflight for a path that is closed",
    knock: { ...preflight(from(LISTED_ORIGIN)), target: "/api/pull" },
    status: 401,
  },
  { name: "no key", knock: tags(from(LISTED_ORIGIN)), status: 401 },
  {
    name: "a path that is closed",
    knock: { target: "/api/pull", headers: [from(LISTED_ORIGIN), withKey] },
    status: 404,
  },
  { name: "an answer", knock: tags(from(LISTED_ORIGIN), withKey), status: 200 },
].map((one) => ({ ...one, origin: LISTED_ORIGIN }));

const STRANGE_ORIGINS = [
  "https://foreign.example",
  "https://chat.example.com.foreign.example",
  "https://foreign.example/https://chat.example.com",
  "https://chatXexample.com",
  "http://chat.example.com",
  "https://chat.example.com:8443",
  "null",
  "*",
];

const UNLISTED: readonly Case[] = [
  ...STRANGE_ORIGINS.flatMap((origin): Case[] => [
    { name: `preflight from ${origin}`, knock: preflight(from(origin)), status: 401 },
    { name: `an answer to ${origin}`, knock: tags(from(origin), withKey), status: 200 },
  ]),
  { name: "an answer to no page", knock: tags(withKey), status: 200 },
];

function complaint({ name, status, origin }: Case, reply: Reply): string | undefined {
  const values = valuesOf(reply, ORIGIN);
  if (reply.status !== status) return `${name}: ${reply.status} in place of ${status}`;
  if (values.join(" | ") !== (origin ?? ""))
    return `${name}: allowed are ${JSON.stringify(values)}`;
  const engine = /^.*(?:x-engine|allow-credentials).*$/im.exec(reply.head)?.[0];
  if (engine !== undefined) return `${name}: passes on "${engine}"`;
  if (origin === undefined) return undefined;
  const vary = valuesOf(reply, "vary");
  return vary.join() === "Origin" ? undefined : `${name}: Vary is ${JSON.stringify(vary)}`;
}

/** Whether the page may then send what it asked for. */
function preflightWrong(reply: Reply): string | undefined {
  const [methods = ""] = valuesOf(reply, "access-control-allow-methods");
  const [headers = ""] = valuesOf(reply, "access-control-allow-headers");
  if (!methods.includes("POST")) return `the preflight allows the methods "${methods}"`;
  return /\bx-api-key\b/i.test(headers)
    ? undefined
    : `the preflight allows the headers "${headers}"`;
}

async function streamWrong({ door, behind }: Room): Promise<string | undefined> {
  const held = behind.hold();
  const line = await postChat(door.port, "{}", [withKey, from(LISTED_ORIGIN)]);
  try {
    const answer = await within(held);
    if (answer === undefined) return "a stream did not come through";
    answer.write("{}\n");
    const hasHead = (): boolean => line.received().includes("\r\n\r\n");
    await waitUntil("the head of a stream", hasHead, { timeoutMs: PATIENCE_MS });
    answer.end();
    return complaint(
      { name: "a stream", knock: tags(), status: 200, origin: LISTED_ORIGIN },
      parseReply(line.received()),
    );
  } finally {
    line.leave();
  }
}

export const corsExact: Check = async (room) => {
  const { door, behind } = room;
  for (const one of [...LISTED, ...UNLISTED]) {
    behind.requests.length = 0;
    const reply = await ask(door.port, one.knock);
    const wrong = complaint(one, reply);
    if (wrong !== undefined) return wrong;
    if (one.status !== 200 && behind.requests.length > 0) return `${one.name}: was passed on`;
    if (reply.status === 204) {
      const refused = preflightWrong(reply);
      if (refused !== undefined) return refused;
    }
  }
  return await streamWrong(room);
};
