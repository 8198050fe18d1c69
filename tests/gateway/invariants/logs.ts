/** What the door writes down of those who show keys in every place where one may stand, by intent or by mistake. */
import { randomBytes } from "node:crypto";
import { waitUntil } from "../../helpers/wait-until.ts";
import type { Check, Room } from "./room.ts";
import { KEYS, withKey } from "./room.ts";
import { ask } from "./wire.ts";

const { app: KEY, other: OTHER } = KEYS;
const GUESS = randomBytes(32).toString("hex");
const LAST = "/last-of-all";

async function abuseWith(key: string, { door: { port } }: Room): Promise<void> {
  const places: readonly (readonly [target: string, ...headers: string[]])[] = [
    ["/api/tags", `X-API-Key: ${key}`],
    ["/api/tags", withKey, `X-API-Key: ${key}`],
    ["/api/tags", withKey, `X_API_Key: ${key}`, `X-API-Keys: ${key}`, `Api-Key: ${key}`],
    ["/api/tags", withKey, `Authorization: Bearer ${key}`, `Cookie: a=${key}`],
    ["/api/tags", withKey, `Referer: http://a.example/?${key}`, `Origin: http://${key}`],
    ["/api/tags", withKey, `User-Agent: ${key}`, `X-Forwarded-For: ${key}`],
    ["/api/tags", withKey, `Host: ${key}.example`],
    ["/api/tags", withKey, `bad header ${key}`],
    [`/api/tags?key=${key}`, withKey],
    [`/api/tags?key=${key.slice(0, 30)}`, withKey],
    [`/health?${key}`],
    [`/${key}`],
    [`/api/tags/${key}/x`, withKey],
    [`/v1/models/${key}`, withKey],
    [`http://user:${key}@127.0.0.1/api/tags`],
    [`http://${key}/api/tags?X-API-Key=${key}`, withKey],
    [`/${key} ${key}`, withKey],
  ];
  for (const [target, ...headers] of places) await ask(port, { target, headers });
  const body = JSON.stringify({ key });
  await ask(port, { method: "POST", target: "/api/chat", headers: [withKey], body });
  await ask(port, { method: key, target: "/api/tags" });
  await ask(port, { method: key.slice(0, 32), target: "/api/tags" });
}

async function logsAfterAbuse(room: Room): Promise<ReadonlyMap<string, string>> {
  for (const key of [KEY, OTHER, GUESS]) await abuseWith(key, room);
  await ask(room.door.port, { target: LAST, headers: [withKey] });
  return await waitUntil("the last request in the log", async () => {
    const logs = await room.door.logs();
    return (logs.get("access.log") ?? "").includes(LAST) && logs;
  });
}

/** Part of a key is enough: what is left can be guessed. */
const SECRETS = [KEY, OTHER, GUESS].flatMap((key) => [key.slice(0, 24), key.slice(-24)]);

function leakIn(logs: ReadonlyMap<string, string>): string | undefined {
  for (const [file, text] of logs) {
    const line = text.split("\n").find((one) => SECRETS.some((secret) => one.includes(secret)));
    if (line === undefined) continue;
    const start = Math.max(0, Math.min(...indexes(line)) - 60);
    return `a key in ${file}: ...${line.slice(start, start + 80)}...`;
  }
  return undefined;
}

function indexes(line: string): number[] {
  return SECRETS.map((secret) => line.indexOf(secret)).filter((index) => index >= 0);
}

/** Run on a door before an engine, and on one before nothing. */
export const logsSecretFree: Check = async (room) => {
  const logs = await logsAfterAbuse(room);
  const leak = leakIn(logs);
  if (leak !== undefined) return leak;
  const last = (logs.get("access.log") ?? "").split("\n").find((line) => line.includes(LAST));
  return last?.includes('"app"') === true && last.includes("404")
    ? undefined
    : `the access log does not tell who asked for what: ${last?.slice(0, 200)}`;
};
