/** `npm run lockfile`: after a change of packages, writes the entries of other platforms into the lockfile. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { lockedPackageSchema, missingPlatforms, platformEntry } from "./platforms.ts";

const path = join(import.meta.dirname, "../../package-lock.json");
const lockfile = z
  .looseObject({ packages: z.record(z.string(), lockedPackageSchema) })
  .parse(JSON.parse(readFileSync(path, "utf8")));

const missing = missingPlatforms(lockfile.packages);
const entries = Array.from(missing, ([place, version]) => [place, platformEntry(place, version)]);
const all = { ...lockfile.packages, ...Object.fromEntries(entries) };
const sorted = Object.entries(all).toSorted(([left], [right]) => (left < right ? -1 : 1));
const whole = { ...lockfile, packages: Object.fromEntries(sorted) };
writeFileSync(path, `${JSON.stringify(whole, undefined, 2)}\n`);
console.log(`${missing.size} entries added`);
