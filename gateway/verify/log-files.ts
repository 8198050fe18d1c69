/** The log files of a door, those put aside among them. */
import { open as openFile, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const unzip = promisify(gunzip);
/** The most that is read of one file, from its end. */
const LONGEST_READ = 16_000_000;
const MOST_FILES = 12;

/** Whether a file is the log or one put aside: `access-2026-01-01.log.gz` of Caddy, `access.log.2.gz` of others. */
export function belongsTo(log: string, name: string): boolean {
  const own = basename(log);
  if (name === own || name.startsWith(`${own}.`)) return true;
  const dot = own.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [own.slice(0, dot), own.slice(dot)] : [own, ""];
  return name.startsWith(`${stem}-2`) && (name.endsWith(ending) || name.endsWith(`${ending}.gz`));
}

/** The log and those put aside, the newest first. */
export async function familyOf(log: string): Promise<readonly string[]> {
  const folder = dirname(log);
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) =>
    belongsTo(log, name),
  );
  const dated = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const age = await stat(path).catch(() => undefined);
      return age?.isFile() === true ? [{ path, at: age.mtimeMs }] : [];
    }),
  );
  const sorted = dated.flat().toSorted((one, two) => two.at - one.at);
  return sorted.map(({ path }) => path).slice(0, MOST_FILES);
}

/** Bytes of a file; 0 when there is none. */
export async function sizeOf(path: string): Promise<number> {
  const status = await stat(path).catch(() => undefined);
  return status?.size ?? 0;
}

/**
 * The text of a file, unpacked where it is packed; of a long one, its end.
 *
 * @throws Error when it may not be read
 */
export async function readLog(path: string): Promise<string> {
  const file = await openFile(path, "r");
  try {
    const { size } = await file.stat();
    const isPacked = path.endsWith(".gz");
    const length = Math.min(size, LONGEST_READ);
    const bytes = Buffer.alloc(length);
    await file.read(bytes, 0, length, isPacked ? 0 : size - length);
    if (!isPacked) return bytes.toString("utf8");
    // Large enough to be cut, or still being packed: what is not readable now is not told of.
    const unpacked = await unzip(bytes, { maxOutputLength: 10 * LONGEST_READ }).catch(() =>
      Buffer.alloc(0),
    );
    return unpacked.toString("utf8");
  } finally {
    await file.close();
  }
}
