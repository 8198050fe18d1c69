/** Finding a server that is installed, and what of its words may be shown. */
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Program {
  readonly path: string;
  /** As it prints it. */
  readonly version: string;
}

interface Search {
  readonly env: Environment;
  /** Names the one to use, such as `CADDY_BIN`. */
  readonly variable: string;
  /** Without the `.exe` of Windows. */
  readonly file: string;
  /** Where systems put it that leave such folders off a person's PATH. */
  readonly folders?: readonly string[];
  readonly readVersion: (path: string) => Promise<string>;
}

async function isRunnable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The program that the variable names, else the first on PATH or in the folders; undefined when there is none.
 *
 * @throws Error when the variable names something that does not run.
 */
export async function findProgram(search: Search): Promise<Program | undefined> {
  const { env, variable, readVersion, folders = [] } = search;
  const named = env[variable];
  if (named !== undefined && named !== "") {
    try {
      return { path: named, version: await readVersion(named) };
    } catch (cause) {
      throw new Error(`${variable} names ${named},\nwhich does not run. Correct it, or unset it.`, {
        cause,
      });
    }
  }
  const file = process.platform === "win32" ? `${search.file}.exe` : search.file;
  const onPath = (env["PATH"] ?? env["Path"] ?? "").split(delimiter);
  for (const folder of [...onPath, ...folders]) {
    const path = join(folder, file);
    if (folder !== "" && (await isRunnable(path)))
      return { path, version: await readVersion(path) };
  }
  return undefined;
}

/** A server's complaint may quote the line, which may be the one with the key. */
export function withoutKeys(text: string): string {
  return text.replaceAll(/[A-Za-z0-9_-]{32,}/g, "...");
}
