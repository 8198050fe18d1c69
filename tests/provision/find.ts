import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian keeps servers in sbin, which is not on an ordinary person's PATH. */
const EXTRA_FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The first of `names` that can be run: an absolute path as it is, a bare name by PATH and the
 * folders of servers. Undefined when there is none.
 */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...EXTRA_FOLDERS];
  const candidates = names
    .filter((name) => name !== "")
    .flatMap((name) =>
      name.startsWith("/") ? [name] : folders.filter(Boolean).map((folder) => join(folder, name)),
    );
  return candidates.find(isExecutable);
}
