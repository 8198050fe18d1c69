/** How often one may ask. */
import { randomBytes } from "node:crypto";
import type { Reply } from "../../helpers/knock.ts";
import type { Check, Room } from "./room.ts";
import { KEYS, PER_MINUTE } from "./room.ts";
import { ask } from "./wire.ts";

function knockWith({ door }: Room, key: string): Promise<Reply> {
  return ask(door.port, { target: "/api/tags", headers: [`X-API-Key: ${key}`] });
}

/** A 429 that says nothing but when to come again. */
function complaintAbout({ status, head, body }: Reply): string | undefined {
  if (status !== 429) return `${status} in place of 429`;
  if (!/^retry-after: [1-9]\d*$/im.test(head)) return "a 429 without Retry-After";
  return body === "" ? undefined : `a 429 with ${JSON.stringify(body.slice(0, 40))} in its body`;
}

/** The health check is asked often, and has no part in what is counted. */
async function healthWrong({ door }: Room): Promise<string | undefined> {
  for (let time = 0; time <= PER_MINUTE; time += 1) {
    const { status } = await ask(door.port, { target: "/health" });
    if (status !== 200) return `/health: ${status}`;
  }
  return undefined;
}

export const limitsByCaller: Check = async (room) => {
  const health = await healthWrong(room);
  if (health !== undefined) return health;
  for (let time = 1; time <= PER_MINUTE; time += 1) {
    const { status } = await knockWith(room, time % 2 === 0 ? KEYS.appSecond : KEYS.app);
    if (status !== 200) return `request ${time} of ${PER_MINUTE} a minute: ${status}`;
  }
  for (const key of [KEYS.app, KEYS.appSecond]) {
    const wrong = complaintAbout(await knockWith(room, key));
    if (wrong !== undefined) return `one more than ${PER_MINUTE} a minute: ${wrong}`;
  }
  const { status } = await knockWith(room, KEYS.other);
  if (status !== 200) return `another caller from the same address: ${status}`;
  return await healthWrong(room);
};

export const badKeysSlowed: Check = async (room) => {
  const health = await healthWrong(room);
  if (health !== undefined) return health;
  const guess = (): Promise<Reply> => knockWith(room, randomBytes(32).toString("hex"));
  for (let time = 1; time <= PER_MINUTE; time += 1) {
    const { status } = await guess();
    if (status !== 401) return `guess ${time} of ${PER_MINUTE} a minute: ${status}`;
  }
  const wrong = complaintAbout(await guess());
  if (wrong !== undefined) return `one guess more than ${PER_MINUTE} a minute: ${wrong}`;
  for (let time = 0; time <= PER_MINUTE; time += 1) {
    const { status } = await knockWith(room, KEYS.app);
    if (status !== 200) return `the right key from the same address: ${status}`;
  }
  if ((await guess()).status !== 429) return "a right key in between lets the guesses go on";
  return await healthWrong(room);
};
