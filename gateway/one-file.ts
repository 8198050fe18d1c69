/** Where this program lies: in the clone, or as the one file that `npm run build:home` makes of it. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Put in by tools/build-home.ts; in the clone nobody declares it. */
declare const LATCHKEY_ONE_FILE: boolean | undefined;

/** Whether this is the one file, which has neither the web half nor other files beside it. */
export const IS_ONE_FILE = typeof LATCHKEY_ONE_FILE !== "undefined";

const HERE = fileURLToPath(import.meta.url);

/** The folder of the state folder: the clone's, or the one the file lies in. */
export const PROGRAM_FOLDER = IS_ONE_FILE ? dirname(HERE) : dirname(dirname(HERE));

/** What Node is to run for another process of this program. */
export const PROGRAM = IS_ONE_FILE ? HERE : join(dirname(HERE), "cli.ts");

/** What only the clone can do, in a sentence. */
export const NEEDS_CLONE =
  "runs the chat too, which this one file does not hold: it needs the clone, and there npm run up.";
