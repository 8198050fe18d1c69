import { readFile } from "node:fs/promises";
import { readLocalKey } from "../access/keys.ts";
import type { Environment } from "../up/environment.ts";
import { hasErrorCode } from "../system-error.ts";
import { Problem } from "../up/problem.ts";

/** Where a person keeps the access key. */
export interface KeySource {
  /** The name of a variable that holds it. */
  readonly variable: string | undefined;
  /** A file with nothing else in it. */
  readonly file: string | undefined;
}

/** What a header can hold (RFC 6750, b64token, and what people make up). */
const KEY = /^[\x21-\x7e]+$/;

async function find({ variable, file }: KeySource, home: string, environment: Environment) {
  if (variable !== undefined) return environment[variable];
  if (file === undefined) return readLocalKey(home);
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const wrong = hasErrorCode(error, "ENOENT") ? "is not there" : "cannot be read";
    throw new Problem(`The file that --key-file names ${wrong}.`, "Correct its path.");
  }
}

/**
 * The access key to show to the app: from where the person says, else this computer's own.
 *
 * @param home the state folder
 * @throws Problem that says where it looked, never what it found
 */
export async function readKey(
  source: KeySource,
  home: string,
  environment: Environment,
): Promise<string> {
  const key = (await find(source, home, environment))?.trim() ?? "";
  if (KEY.test(key)) return key;
  if (source.variable !== undefined) {
    throw new Problem(
      "The variable that --key-env names holds no key.",
      "Give the name of the variable, not the key, and see that it is exported.",
    );
  }
  if (source.file !== undefined) {
    throw new Problem(
      "The file that --key-file names holds no key.",
      "Put the key into it, alone and on one line.",
    );
  }
  throw new Problem(
    "There is no access key on this computer.",
    "Name one with --key-file FILE or --key-env NAME.",
  );
}
