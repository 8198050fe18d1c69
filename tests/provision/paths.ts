import { homedir } from "node:os";
import { join } from "node:path";

/** What the tests bring in and may keep between runs; outside the tree, so that a fresh clone finds it. */
export const CACHE_DIRECTORY = join(
  process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"),
  "latchkey-tests",
);

/** Where the provisioner writes what it found, and where tests/helpers/parts.ts reads it. */
export const PARTS_FILE = process.env["LATCHKEY_TEST_PARTS"] || join(CACHE_DIRECTORY, "parts.json");
