/**
 * `npm run build:home`: makes dist/latchkey.mjs, one file that runs the commands at home on Node 20 or
 * newer, alone in a folder, without the web half and without packages.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { licenceComment, packagesOf } from "./licences.ts";

const ROOT = join(import.meta.dirname, "..");

/** How the file is typed; the sources say what is typed in the clone. */
const TYPED = "node latchkey.mjs";

/** What is typed in the clone, and in its place with the file alone: there `init` starts the door. */
const inOneFile = (source: string): string =>
  source.replaceAll("npm run latchkey --", TYPED).replaceAll("npm run up", `${TYPED} init`);

/** The web half's own words: with the file alone, `up` points to the clone, and the demo engine too. */
const OF_THE_CLONE = /gateway[\\/](?:one-file|demo[\\/]texts|commands[\\/]up)\.ts$/u;

const hints: Plugin = {
  name: "hints",
  setup: (bundler) => {
    bundler.onLoad({ filter: /[\\/]gateway[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { contents: OF_THE_CLONE.test(path) ? source : inOneFile(source), loader: "ts" };
    });
  },
};

/**
 * Makes the file, whole or not at all.
 *
 * @param folder where it is put
 * @returns its path and its size in bytes
 * @throws Error when a source cannot be bundled or a package has no licence text
 */
export async function buildHome(
  folder = join(ROOT, "dist"),
): Promise<{ readonly path: string; readonly bytes: number }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["gateway/cli.ts"],
    inject: ["tools/old-node.ts"],
    outfile: "latchkey.mjs",
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    charset: "utf8",
    define: { LATCHKEY_ONE_FILE: "true" },
    banner: { js: "#!/usr/bin/env node" },
    plugins: [hints],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("esbuild made no file.");
  const licences = licenceComment(ROOT, packagesOf(Object.keys(metafile.inputs)));
  const text = `${output.text}\n${licences}`;
  const path = join(folder, "latchkey.mjs");
  await mkdir(folder, { recursive: true });
  await writeFile(path, text, { mode: 0o755 });
  return { path, bytes: Buffer.byteLength(text) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { path, bytes } = await buildHome();
  console.log(`${path} (${Math.round(bytes / 1024)} KiB)`);
}
