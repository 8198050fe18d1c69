import { cp, link, mkdir, readdir, readlink, symlink } from "node:fs/promises";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

/** What a build reads; its own products, the tests and everything secret stay behind. */
export const SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "instrumentation.ts",
  "instrumentation-client.ts",
  "next.config.ts",
  "package.json",
  "package-lock.json",
  "proxy.ts",
  "tsconfig.json",
  "vercel.json",
];

/** Hard links where the file system has them: node_modules is large and no build writes to its files. */
async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      await linkTree(source, target);
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), target);
    } else {
      await link(source, target);
    }
  }
}

async function copyModules(to: string): Promise<void> {
  const from = join(ROOT, "node_modules");
  try {
    await linkTree(from, to);
  } catch {
    // Another disk, or no hard links there.
    await cp(from, to, { recursive: true, verbatimSymlinks: true, force: true });
  }
}

/**
 * Copies what a build needs into the folder `to`: `next build` and `vercel build` both write
 * `.next`, and neither may touch the one a running `up` serves from.
 */
export async function copyTree(to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const present = new Set(await readdir(ROOT));
  for (const name of SOURCES.filter((source) => present.has(source))) {
    await cp(join(ROOT, name), join(to, name), { recursive: true });
  }
  await copyModules(join(to, "node_modules"));
}
