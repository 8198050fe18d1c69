import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { accessKeysVariable } from "../access/keys.ts";
import { readAccessList } from "../access/list-file.ts";
import {
  APP,
  currentKey,
  type DoorKey,
  type DoorKeys,
  readDoorKeys,
  withDoorLock,
  writeDoorKeys,
} from "../door/key-store.ts";
import { readOrMakeSecret } from "../keys.ts";
import type { GatewaySpec } from "../spec/spec.ts";

/** The keys of the door, and the secrets of the app that belong to it. */
export interface Secrets {
  readonly keys: DoorKeys;
  /** The app's key to the door, where it was made just now: it is shown this once. */
  readonly newDoorKey: string | undefined;
  readonly newSessionSecret: string | undefined;
  /** The list of access keys, hashes only. */
  readonly accessKeys: string;
}

async function makeKey(home: string, name: string): Promise<DoorKey> {
  const key =
    name === APP ? await readOrMakeSecret(home, "door-key") : randomBytes(32).toString("hex");
  return { key, since: new Date().toISOString() };
}

/** The keys with one for each caller that had none; those that are there stay. */
async function completeKeys(home: string, { callers }: GatewaySpec): Promise<DoorKeys> {
  return withDoorLock(home, async () => {
    const keys = new Map(await readDoorKeys(home));
    for (const { name } of callers) {
      if (currentKey(keys, name) !== undefined) continue;
      keys.set(name, [...(keys.get(name) ?? []), await makeKey(home, name)]);
    }
    await writeDoorKeys(home, keys);
    return keys;
  });
}

/**
 * Makes what is missing of the keys and secrets, and leaves what is there as it is.
 *
 * @throws Error or Problem naming the file that cannot be used, never what it holds
 */
export async function provideSecrets(home: string, spec: GatewaySpec): Promise<Secrets> {
  const had = { door: currentKey(await readDoorKeys(home), APP), session: hasSession(home) };
  const keys = await completeKeys(home, spec);
  const session = await readOrMakeSecret(home, "session-secret");
  return {
    keys,
    newDoorKey: had.door === undefined ? currentKey(keys, APP)?.key : undefined,
    newSessionSecret: had.session ? undefined : session,
    accessKeys: await accessKeysVariable(home, await readAccessList(home)),
  };
}

const hasSession = (home: string): boolean => existsSync(join(home, "session-secret"));
