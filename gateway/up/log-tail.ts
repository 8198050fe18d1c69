import { readFileSync } from "node:fs";
import { hasErrorCode } from "../system-error.ts";

/** The last lines a program wrote to its log, for a person who wants to know why it failed. */
export function lastLines(logFile: string, count = 8): readonly string[] {
  try {
    const lines = readFileSync(logFile, "utf8").trimEnd().split("\n");
    return lines.slice(-count).filter((line) => line !== "");
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return [];
    throw error;
  }
}
