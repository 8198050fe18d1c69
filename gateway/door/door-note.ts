/** `door.json`: there while a door runs from the state folder, whoever started it. */
import { join } from "node:path";
import { z } from "zod";
import { gatewaySpecSchema, type GatewaySpec } from "../spec/spec.ts";
import { findRunning } from "../up/ledger.ts";
import { readStateFile, writeStateFile } from "../up/state-file.ts";
import type { Environment, ServerKind } from "./program.ts";

export interface DoorNote {
  /** The process that watches the door. */
  readonly pid: number;
  /** Whether that is there for the door alone; else it is `up`. */
  readonly isDetached: boolean;
  /** Where this computer finds the door. */
  readonly address: string;
  readonly server: ServerKind;
  /** The server's own file, which need not be the one that would be found now. */
  readonly program: string;
  /** In ISO 8601. */
  readonly started: string;
  /** What is in force: latchkey.json may have been changed since, or be meant for another door. */
  readonly spec: GatewaySpec;
}

const noteSchema = z.object({
  pid: z.int(),
  isDetached: z.boolean(),
  address: z.string(),
  server: z.enum(["caddy", "nginx"]),
  program: z.string(),
  started: z.string(),
  spec: gatewaySpecSchema,
});

export const NOTE_FILE = "door.json";

/** Says that the door runs, or what is in force from now on. */
export function writeDoorNote(home: string, note: DoorNote): void {
  writeStateFile(join(home, NOTE_FILE), note);
}

/** What a door noted, which may have ended since without a word. */
export function readDoorNote(home: string): DoorNote | undefined {
  const note = noteSchema.safeParse(readStateFile(join(home, NOTE_FILE)));
  return note.success ? note.data : undefined;
}

/** The door that runs from the state folder; undefined where none does. */
export function findRunningDoor(home: string): DoorNote | undefined {
  const note = readDoorNote(home);
  return note !== undefined && findRunning(home)?.pid === note.pid ? note : undefined;
}

/** The environment in which the very server of that door is found. */
export function environmentOf({ program, server }: DoorNote, env: Environment): Environment {
  return { ...env, [server === "caddy" ? "CADDY_BIN" : "NGINX_BIN"]: program };
}
