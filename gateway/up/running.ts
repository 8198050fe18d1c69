import { join } from "node:path";
import { isRecord, readStateFile, writeStateFile } from "./state-file.ts";

/** Which engine answers, and where. */
export interface EngineNote {
  readonly kind: "ollama" | "demo";
  readonly url: string;
  readonly version: string;
}

/** running.json: there only while `up` runs and everything answered. */
export interface Running {
  readonly app: string;
  readonly door: string;
  readonly engine: EngineNote;
  /** The process of `up` itself. */
  readonly pid: number;
  /** Every process it started directly. */
  readonly pids: readonly number[];
  readonly readyInMs: number;
}

const fileIn = (home: string): string => join(home, "running.json");

/** Says that everything answers. */
export function writeRunning(home: string, running: Running): void {
  writeStateFile(fileIn(home), running);
}

/** The address of the app, when everything answers. */
export function readAppAddress(home: string): string | undefined {
  const value = readStateFile(fileIn(home));
  const address = isRecord(value) ? value["app"] : undefined;
  return typeof address === "string" ? address : undefined;
}
