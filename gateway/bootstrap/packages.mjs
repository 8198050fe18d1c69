import { readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {"run" | "all"} Need what is to be there: what running needs, or what tests need too */

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages ?? {};
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Whether node_modules holds what the lockfile asks for. npm writes down what it has installed in
 * node_modules/.package-lock.json when it is done, so an installation that was interrupted, or
 * made for an older lockfile, does not pass, and one made by hand does.
 *
 * @param {string} root the clone's folder
 * @param {Need} need
 */
export function hasPackages(root, need) {
  const wanted = readPackages(join(root, "package-lock.json")) ?? {};
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (installed === undefined) {
    return false;
  }
  return Object.entries(wanted).every(([path, entry]) => {
    // Optional ones are for one platform each, and the root is not in node_modules.
    if (path === "" || entry.optional || (need === "run" && entry.dev)) {
      return true;
    }
    const found = installed[path];
    return found?.version === entry.version && found.integrity === entry.integrity;
  });
}

/**
 * The arguments for npm. `npm ci` empties node_modules first; where only the tests' packages are to
 * be added, and on Windows where this very Node may lie in node_modules and cannot be deleted,
 * `npm install` brings the same versions and leaves the others where they are.
 *
 * @param {string} root
 * @param {Need} need
 */
export function npmArguments(root, need) {
  const inside = process.execPath.startsWith(join(root, "node_modules"));
  const isAdding = need === "all" && hasPackages(root, "run");
  const isLocked = process.platform === "win32" && inside;
  return [
    ...(isAdding || isLocked ? ["install", "--no-save"] : ["ci"]),
    need === "all" ? "--include=dev" : "--omit=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--no-progress",
  ];
}
