import { z } from "zod";

/**
 * A registry mirror may lack the packages of other platforms, and npm then leaves them out of the lockfile,
 * which breaks `npm ci` there and here. This finds what is missing, and what to write for it.
 */

/** An entry of the lockfile, as far as it matters here. */
export const lockedPackageSchema = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});

interface Wanted {
  readonly version: string;
  /** Whether only the tests' packages ask for it. */
  readonly dev: boolean;
}

type LockedPackages = Readonly<Record<string, z.output<typeof lockedPackageSchema>>>;

const SYSTEMS = new Set(["android", "darwin", "freebsd", "linux", "openharmony", "win32"]);
const SYSTEM_NAMES: Readonly<Record<string, string>> = { linuxmusl: "linux", windows: "win32" };
const PROCESSORS: Readonly<Record<string, string>> = { "32": "ia32", "64": "x64" };

/** Where a package is looked for by one that lies at `path`: inside it first, beside it, then further up. */
function places(path: string, name: string): string[] {
  const folders = path.split("node_modules/").slice(0, -1);
  const above = folders.map((_, depth) => {
    const parent = folders.slice(0, folders.length - depth).join("node_modules/");
    return `${parent}node_modules/${name}`;
  });
  return [`${path}/node_modules/${name}`, ...above];
}

/**
 * What packages ask for by platform and no entry stands for.
 * @returns what is wanted, by its place in the lockfile
 */
export function missingPlatforms(packages: LockedPackages): ReadonlyMap<string, Wanted> {
  const missing = new Map<string, Wanted>();
  for (const [path, { dev = false, optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(path === "" ? {} : optionalDependencies)) {
      const version = range.replace(/^[\^~]/, "");
      const candidates = places(path, name);
      const found = candidates.find((place) => place in packages);
      // An exact version is wanted by all that bring a binary; a range takes what is there.
      if (found !== undefined && (version !== range || packages[found]?.version === version))
        continue;
      const free = candidates.findLast((place) => !(place in packages) && !missing.has(place));
      if (free !== undefined) missing.set(free, { version, dev });
    }
  }
  return missing;
}

/**
 * The entry for a platform's package, read from its name as all of them spell it (`-linux-x64-gnu`).
 * Without a hash: nobody here could fetch it to know one.
 */
export function platformEntry(
  place: string,
  { version, dev }: Wanted,
): Readonly<Record<string, unknown>> {
  const words = place.slice(place.lastIndexOf("/") + 1).split("-");
  const systems = words.map((word) => SYSTEM_NAMES[word] ?? word);
  const system = systems.find((word) => SYSTEMS.has(word));
  const after = system === undefined ? undefined : words[systems.indexOf(system) + 1];
  return {
    version,
    ...(after === undefined ? {} : { cpu: [PROCESSORS[after] ?? after] }),
    ...(dev ? { dev } : {}),
    optional: true,
    ...(system === undefined ? {} : { os: [system] }),
  };
}
