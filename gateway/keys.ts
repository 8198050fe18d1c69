import { createHash, randomBytes } from "node:crypto";
import { chmod, link, lstat, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KEY_PATTERN } from "../lib/contract.ts";
import { hasErrorCode } from "./system-error.ts";

export type SecretName = "door-key" | "access-key" | "session-secret";

/** Parts of the keys that recipes print as examples, and of the ones people make up. */
const EXAMPLE =
  /secret|example|change-?_?me|your[-_]|password|default|placeholder|insert|1234567890|test/i;

/** Random hex of 32 characters has fewer different ones than this once in millions of tries. */
const FEWEST_DIFFERENT = 8;

/** The same few characters over and over: `abcabcabc...`. */
const REPEATED = /^(.{1,20}?)\1+$/;

/** The SHA-256 of a key, in hex, as ACCESS_KEYS holds it. */
export function sha256Hex(key: string): string {
  return createHash("sha256").update(key, "utf8").digest("hex");
}

/** Why a key must not be used, or undefined. The reason never holds the key. */
export function weaknessOf(key: string): string | undefined {
  if (key === "") return "is empty";
  if (EXAMPLE.test(key)) return "looks like an example from a guide";
  if (!KEY_PATTERN.test(key)) return `is not one line of 32 to 128 letters, digits, "-" or "_"`;
  if (new Set(key).size < FEWEST_DIFFERENT || REPEATED.test(key)) return "is too easy to guess";
  return undefined;
}

function weakness(name: SecretName, secret: string): string | undefined {
  if (name === "session-secret" && secret !== "" && !/^(?:[0-9a-f]{2}){32,}$/i.test(secret))
    return "is not 32 or more bytes in hex";
  return weaknessOf(secret);
}

/** Others on this computer may not read it. Windows keeps a person's folder to that person by itself. */
export async function makePrivate(path: string, mode: number): Promise<void> {
  if (process.platform === "win32") return;
  const status = await lstat(path);
  if ((status.mode & 0o077) === 0) return;
  try {
    await chmod(path, mode);
  } catch (cause) {
    const octal = mode.toString(8);
    throw new Error(
      `Others on this computer can read ${path}. Close it to them: chmod ${octal} ${path}`,
      { cause },
    );
  }
}

async function readSecret(path: string, name: SecretName): Promise<string> {
  if (!(await lstat(path)).isFile()) {
    throw new Error(`${path} is not a plain file. Move it away and a new one is made.`);
  }
  await makePrivate(path, 0o600);
  const secret = (await readFile(path, "utf8")).trim();
  const reason = weakness(name, secret);
  if (reason === undefined) return secret;
  throw new Error(`The secret in ${path} ${reason}. Delete the file and a new one is made.`);
}

/** Written beside its place and linked into it: nobody ever reads half a secret, and the first one made stays. */
async function makeSecret(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${randomBytes(32).toString("hex")}\n`, {
    flag: "wx",
    mode: 0o600,
    flush: true,
  });
  try {
    await link(draft, path);
  } catch (error) {
    if (!hasErrorCode(error, "EEXIST")) throw error;
  } finally {
    await unlink(draft);
  }
}

/**
 * The secret of that name, made once (32 random bytes, hex) and then the same for ever.
 * Its file is 0600 in a directory of 0700; wider permissions are narrowed.
 *
 * @throws Error naming the file and the one thing to do, when its content is weak, malformed or an example.
 */
export async function readOrMakeSecret(directory: string, name: SecretName): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await makePrivate(directory, 0o700);
  const path = join(directory, name);
  try {
    return await readSecret(path, name);
  } catch (error) {
    if (!hasErrorCode(error, "ENOENT")) throw error;
  }
  await makeSecret(path);
  return await readSecret(path, name);
}
