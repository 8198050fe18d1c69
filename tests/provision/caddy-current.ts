import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { findProgram } from "./find.ts";
import { goIsNewEnough, mayBuild, type GoProgram } from "./go.ts";
import { CACHE_DIRECTORY } from "./paths.ts";
import { runCommand } from "./run-command.ts";

/** Debian's Caddy is years older, and no distribution's has the plugin. */
const VERSION = "v2.11.9";
/** Named, because the module proxy does not resolve `@latest` of it. */
const PLUGIN_VERSION = "v0.1.0";
const BUILD_FOLDER = join(CACHE_DIRECTORY, `caddy-${VERSION}-ratelimit-${PLUGIN_VERSION}`);

/** Go 1.26 is what the module asks for. */
const GO_MINOR = 26;

async function build(): Promise<GoProgram> {
  await mkdir(BUILD_FOLDER, { recursive: true });
  // A build that is cut short must not be found by the next run.
  const work = await mkdtemp(join(BUILD_FOLDER, "making-"));
  try {
    const draft = join(work, "caddy");
    const built = await runCommand(
      [
        "go",
        "run",
        "github.com/caddyserver/xcaddy/cmd/xcaddy@v0.4.5",
        "build",
        VERSION,
        "--with",
        `github.com/mholt/caddy-ratelimit@${PLUGIN_VERSION}`,
        "--output",
        draft,
      ],
      { env: { ...process.env, GOFLAGS: "-mod=mod" } },
    );
    if (!built.ok) {
      return { reason: `xcaddy failed: ${built.output.trim().slice(-600)}` };
    }
    const path = join(BUILD_FOLDER, "caddy");
    await rename(draft, path);
    return { path };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * A current Caddy with the rate-limit plugin: the one built earlier, else one built now where that
 * was asked for. A Caddy on PATH is not asked, because it may be of any age and lack the plugin.
 */
export async function provisionCaddyCurrent(say: (line: string) => void): Promise<GoProgram> {
  const there = findProgram([join(BUILD_FOLDER, "caddy")]);
  if (there !== undefined) {
    return { path: there };
  }
  if (!mayBuild()) {
    return { reason: "let the tests build it: LATCHKEY_TEST_INSTALL=1 npm test" };
  }
  if (!(await goIsNewEnough(GO_MINOR))) {
    return { reason: `building it needs Go 1.${GO_MINOR} or newer on PATH` };
  }
  say(`Building Caddy ${VERSION} with rate_limit, once (about two minutes on two cores)`);
  return await build();
}
