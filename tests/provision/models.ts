import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { serveOllama } from "../helpers/ollama-server.ts";
import { CACHE_DIRECTORY } from "./paths.ts";
import { runCommand } from "./run-command.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures/engine");
const NAMES = ["answer", "think", "tools", "json", "endless", "embed"] as const;

/** The folder is named by what went into it: another model or another Ollama makes another folder. */
async function folderName(binary: string): Promise<string> {
  const hash = createHash("sha256");
  // Asked at a port where nobody listens, it tells its own version and no running server's.
  const version = await runCommand([binary, "--version"], {
    env: { ...process.env, OLLAMA_HOST: "127.0.0.1:1" },
  });
  hash.update(/version is (\S+)/u.exec(version.output)?.[1] ?? version.output);
  for (const file of (await readdir(FIXTURES)).toSorted()) {
    hash.update(await readFile(join(FIXTURES, file)));
  }
  return `models-${hash.digest("hex").slice(0, 16)}`;
}

async function unpack(folder: string): Promise<void> {
  for (const file of await readdir(FIXTURES)) {
    const from = join(FIXTURES, file);
    if (file.endsWith(".gz")) {
      const to = createWriteStream(join(folder, file.slice(0, -".gz".length)));
      await pipeline(createReadStream(from), createGunzip(), to);
    } else {
      await copyFile(from, join(folder, file));
    }
  }
}

async function createModels(binary: string, sources: string, models: string): Promise<void> {
  const server = await serveOllama({ binary, models });
  try {
    for (const name of NAMES) {
      const created = await runCommand(
        [binary, "create", name, "-f", join(sources, `Modelfile.${name}`)],
        { env: { ...process.env, OLLAMA_HOST: server.url } },
      );
      if (!created.ok) {
        throw new Error(`ollama create ${name} failed: ${created.output.trim().slice(-600)}`);
      }
    }
  } finally {
    await server.close();
  }
}

/**
 * The OLLAMA_MODELS folder with the scripted models, made once for an Ollama and a set of fixtures.
 *
 * @throws Error with Ollama's words when it refuses them
 */
export async function provisionModels(
  binary: string,
  say: (line: string) => void,
): Promise<string> {
  const folder = join(CACHE_DIRECTORY, await folderName(binary));
  if (existsSync(folder)) {
    return folder;
  }
  say("Making the scripted models, once");
  await mkdir(CACHE_DIRECTORY, { recursive: true });
  const work = await mkdtemp(join(CACHE_DIRECTORY, "making-"));
  try {
    const models = join(work, "models");
    await mkdir(models);
    await unpack(work);
    await createModels(binary, work, models);
    await rename(models, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}
