import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The Node that this machine has by itself, which may be older than the one in node_modules;
 * undefined where it has none.
 */
export function findMachineNode(): { readonly path: string; readonly major: number } | undefined {
  const file = process.platform === "win32" ? "node.exe" : "node";
  const folders = (process.env["PATH"] ?? process.env["Path"] ?? "").split(delimiter);
  const path = folders
    .filter((folder) => folder !== "" && !folder.includes("node_modules"))
    .map((folder) => join(folder, file))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) return undefined;
  const version = execFileSync(path, ["--version"], { encoding: "utf8" });
  return { path, major: Number(/^v(\d+)/u.exec(version)?.[1]) };
}
