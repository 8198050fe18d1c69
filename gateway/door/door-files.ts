/** The files of a door in its run directory (0700, files 0600): tried by the real server before they replace any. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makePrivate } from "../keys.ts";
import type { GatewaySpec } from "../spec/spec.ts";
import { hasErrorCode } from "../system-error.ts";
import type { DoorProgram, Environment, KeyLine, Renderer } from "./program.ts";
import { replaceFile } from "./replace-file.ts";

const DRAFT = "draft-";

/** Texts by the names of their files. */
export type Files = ReadonlyMap<string, string>;

export interface DoorContent {
  readonly spec: GatewaySpec;
  /** The keys of each caller, in any order: several while one is replaced. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

/**
 * A caller without a key cannot pass, and keeps nobody else from it: what a command that was killed left half done must
 * neither keep a revoked key good nor stand in the way of a new one.
 *
 * @throws Error when no caller has a key
 */
function keyLines({ spec, keys }: DoorContent): readonly KeyLine[] {
  const lines = spec.callers.flatMap(({ name }) =>
    (keys.get(name) ?? []).map((key) => ({ name, key })),
  );
  const [first] = spec.callers;
  if (lines.length > 0 || first === undefined) return lines;
  throw new Error(
    `The caller ${first.name} has no key. Make one: npm run latchkey -- keys rotate ${first.name}`,
  );
}

/**
 * The text of the keys' file. Secret.
 *
 * @throws Error when no caller has a key, or one that cannot be written safely
 */
export function keysText(content: DoorContent, renderer: Renderer): string {
  return renderer.renderKeys(keyLines(content));
}

/**
 * What the server reads: its configuration and its keys.
 *
 * @throws Error for what cannot be written safely
 */
export function doorTexts(content: DoorContent, renderer: Renderer): Files {
  const { config, keys } = renderer.files;
  return new Map([
    [keys, keysText(content, renderer)],
    [config, renderer.render(content.spec)],
  ]);
}

/** The description as its file holds it. */
export const specText = (spec: GatewaySpec): string => `${JSON.stringify(spec, undefined, 2)}\n`;

/** What a file holds; undefined where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Longer than any server takes to read a draft. */
const DRAFT_LASTS_MS = 120_000;

/** Removes the drafts of commands that were killed: there are keys in them. */
export async function removeDrafts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (!name.startsWith(DRAFT) || Date.now() - (await stat(path)).mtimeMs < DRAFT_LASTS_MS)
      continue;
    await rm(path, { recursive: true, force: true });
  }
}

/**
 * Lets the server itself read the texts, in a folder of their own inside the run directory.
 *
 * @throws Error with the server's reason, keys taken out; nothing is changed then
 */
export async function tryTexts(
  directory: string,
  texts: Files,
  { program, env }: { readonly program: DoorProgram; readonly env: Environment },
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(join(directory, DRAFT));
  try {
    for (const [name, text] of texts) {
      await writeFile(join(draft, name), text, { flag: "wx", mode: 0o600 });
    }
    await program.validate(draft, env);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Replaces files, each in one step. */
export async function putTexts(directory: string, texts: Files): Promise<void> {
  for (const [name, text] of texts) await replaceFile(join(directory, name), text);
}

/**
 * Remembers what files hold.
 *
 * @returns puts them back as they are now, and takes away those that are not there now
 */
export async function keepTexts(
  directory: string,
  names: readonly string[],
): Promise<() => Promise<void>> {
  const before = new Map<string, string | undefined>();
  for (const name of names) before.set(name, await readText(join(directory, name)));
  return async () => {
    for (const [name, text] of before) {
      const path = join(directory, name);
      if (text === undefined) await rm(path, { force: true });
      else await replaceFile(path, text);
    }
  };
}

/**
 * Makes the files of the logs before the server does, which opens them to others of this computer
 * (Caddy 2.6.2 knows no mode); it appends to those it finds, and gives a new file the mode of the one
 * it puts away.
 */
export async function makeLogFiles(directory: string, { files }: Renderer): Promise<void> {
  for (const name of [files.accessLog, files.doorLog]) {
    const path = join(directory, name);
    await writeFile(path, "", { flag: "a", mode: 0o600 });
    await makePrivate(path, 0o600);
  }
}

/**
 * Writes the description, the keys and the configuration of a door, tried by its server first.
 *
 * @throws Error when no caller has a key, something cannot be written safely, or the server refuses
 *   it; nothing is replaced then
 */
export async function writeDoorFiles(
  directory: string,
  {
    program,
    env = process.env,
    ...content
  }: DoorContent & {
    readonly program: DoorProgram;
    readonly env?: Environment;
  },
): Promise<void> {
  const texts = doorTexts(content, program);
  await tryTexts(directory, texts, { program, env });
  await putTexts(directory, new Map([["latchkey.json", specText(content.spec)], ...texts]));
  await makeLogFiles(directory, program);
}
