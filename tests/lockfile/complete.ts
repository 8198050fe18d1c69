/** `npm run lockfile`: after a change of packages, writes the entries of other platforms into the lockfile. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { lockedPackageSchema, missingPlatforms, platformEntry } from "./platforms.ts";

const path = join(import.meta.dirname, "../../package-lock.json");
const text = readFileSync(path, "utf8");
const shape = z.looseObject({ packages: z.record(z.string(), lockedPackageSchema) });
const missing = missingPlatforms(shape.parse(JSON.parse(text)).packages);
const loose = z.looseObject({ packages: z.record(z.string(), z.unknown()) });
// Read a second time without naming fields: naming them would put them first.
const { packages, ...rest } = loose.parse(JSON.parse(text));
const entries = Array.from(missing, ([place, wanted]) => [place, platformEntry(place, wanted)]);
const all = Object.entries({ ...packages, ...Object.fromEntries(entries) });
const sorted = Object.fromEntries(
  all.toSorted(([left], [right]) => left.localeCompare(right, "en")),
);
writeFileSync(path, `${JSON.stringify({ ...rest, packages: sorted }, undefined, 2)}\n`);
console.log(`${missing.size} entries added`);
