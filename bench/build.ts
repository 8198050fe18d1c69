import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildEnvironment } from "../tests/helpers/build.ts";
import { copyTree } from "../tests/helpers/copy-tree.ts";
import { runCommand } from "../tests/provision/run-command.ts";

/** The routes that only the measured copy has, and the folders below app/api/bench they go to. */
const ROUTES: Readonly<Record<string, string>> = {
  "floor.ts": "floor/[...path]",
  "stream-text-ollama.ts": "stream-text-ollama",
  "stream-text-openai.ts": "stream-text-openai",
  "memory.ts": "memory",
  "empty.ts": "empty",
};

/** In the build's folder: that it is ours, and whether it is complete. */
const STAMP = ".latchkey-bench";
const DONE = "done";

/**
 * Makes the production build that is measured, in a copy of the tree; one that is finished already is
 * taken as it is.
 *
 * @throws Error with the output of `next build`, or when the folder is somebody's own
 */
export async function buildForBench(folder: string, signal: AbortSignal): Promise<void> {
  const stamp = join(folder, STAMP);
  const state = await readFile(stamp, "utf8").catch(() => undefined);
  if (state === DONE) return;
  const inside = await readdir(folder).catch(() => []);
  // A folder of somebody's, given by mistake, is not emptied.
  if (state === undefined && inside.length > 0) {
    throw new Error(`${folder} is neither empty nor a build of the bench.`);
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(stamp, "begun");
  await copyTree(folder);
  for (const [file, place] of Object.entries(ROUTES)) {
    const target = join(folder, "app/api/bench", place);
    await mkdir(target, { recursive: true });
    await cp(join(import.meta.dirname, "routes", file), join(target, "route.ts"));
  }
  const next = join(folder, "node_modules/next/dist/bin/next");
  const built = await runCommand([process.execPath, next, "build"], {
    cwd: folder,
    env: buildEnvironment(),
    signal,
  });
  if (!built.ok) throw new Error(`next build failed:\n${built.output}`);
  await writeFile(stamp, DONE);
}
