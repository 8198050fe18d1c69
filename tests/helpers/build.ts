import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../provision/run-command.ts";
import { copyTree, ROOT, SOURCES } from "./copy-tree.ts";
import { waitUntil } from "./wait-until.ts";

/** Neither secrets nor settings of the person who runs the tests may end up in a build. */
export function buildEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: process.env["HOME"] ?? tmpdir(),
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

/**
 * Makes a production build in a copy of the tree at `folder`.
 *
 * @throws Error with the output of `next build`
 */
export async function buildApp(folder: string): Promise<void> {
  await copyTree(folder);
  const next = join(folder, "node_modules/next/dist/bin/next");
  const built = await runCommand([process.execPath, next, "build"], {
    cwd: folder,
    env: buildEnvironment(),
  });
  if (!built.ok) {
    throw new Error(`next build failed:\n${built.output}`);
  }
}

async function sourcesHash(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES.filter((name) => existsSync(join(ROOT, name)))) {
    const path = join(ROOT, source);
    const inside = await readdir(path, { recursive: true }).catch(() => [""]);
    for (const name of inside.toSorted()) {
      hash.update(name).update(await readFile(join(path, name)).catch(() => ""));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

const BUILD_PREFIX = "latchkey-build-";
const OLD_MS = 3_600_000;

/** Builds of earlier sources that nobody runs any more. */
async function removeOldBuilds(): Promise<void> {
  const names = await readdir(tmpdir());
  for (const name of names.filter((each) => each.startsWith(BUILD_PREFIX))) {
    const folder = join(tmpdir(), name);
    if (Date.now() - (await stat(folder)).mtimeMs > OLD_MS) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/**
 * The folder of the build that this run's tests share: what `npm test` made, or, when one file is
 * run by itself, a build of the sources as they are now, made by whoever comes first.
 */
export async function sharedBuild(): Promise<string> {
  const made = process.env["LATCHKEY_TEST_BUILD"];
  if (made) {
    return made;
  }
  const folder = join(tmpdir(), `${BUILD_PREFIX}${await sourcesHash()}`);
  const ready = join(folder, ".built");
  const isFirst = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (!isFirst) {
    await waitUntil("another test's build", () => existsSync(ready), { timeoutMs: 180_000 });
    return folder;
  }
  try {
    await removeOldBuilds();
    await buildApp(folder);
    await writeFile(ready, "");
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return folder;
}
