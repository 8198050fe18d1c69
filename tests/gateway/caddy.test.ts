import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { caddyEnvironment, findCaddy, readModules } from "../../gateway/caddy.ts";
import { caddyKnows, parseCaddyVersion } from "../../gateway/render/caddy-version.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-caddy-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that says what `caddy version` says. */
async function pretend(name: string, version: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\nprintf '%s\\n' '${version}'\n`);
  await chmod(path, 0o755);
  return path;
}

describe.skipIf(process.platform === "win32")("findCaddy", () => {
  it("finds the first on PATH that can be run", async () => {
    const path = await pretend("caddy", "v2.11.9 h1:sum=");
    const env = { PATH: ["/nowhere", "", folder].join(delimiter) };
    expect(await findCaddy({ env })).toEqual({ path, version: "v2.11.9" });
  });

  it("passes by a file that cannot be run", async () => {
    await chmod(await pretend("caddy", "2.6.2"), 0o644);
    expect(await findCaddy({ env: { PATH: folder } })).toBeUndefined();
  });

  it("takes the one that CADDY_BIN names before any on PATH", async () => {
    await pretend("caddy", "2.6.2");
    const path = await pretend("mine", "v2.10.0");
    expect(await findCaddy({ env: { PATH: folder, CADDY_BIN: path } })).toEqual({
      path,
      version: "v2.10.0",
    });
  });

  it("takes an empty CADDY_BIN for none", async () => {
    const path = await pretend("caddy", "2.6.2");
    expect(await findCaddy({ env: { PATH: folder, CADDY_BIN: "" } })).toEqual({
      path,
      version: "2.6.2",
    });
  });

  it("says so when CADDY_BIN names nothing that runs, and takes no other instead", async () => {
    await pretend("caddy", "2.6.2");
    const CADDY_BIN = join(folder, "gone");
    await expect(findCaddy({ env: { PATH: folder, CADDY_BIN } })).rejects.toThrow(
      `CADDY_BIN names ${CADDY_BIN},\nwhich does not run. Correct it, or unset it.`,
    );
  });

  it("finds none where there is none", async () => {
    expect(await findCaddy({ env: {} })).toBeUndefined();
  });
});

describe.skipIf(process.platform === "win32")("readModules", () => {
  it("takes the names, and none of the lines that count them", async () => {
    const path = join(folder, "caddy");
    const lines = [
      "admin.api.load",
      "http.handlers.reverse_proxy",
      "",
      "  Standard modules: 2",
      "",
    ];
    const text = [...lines, "http.handlers.rate_limit", "", "  Non-standard modules: 1"].join("\n");
    await writeFile(path, `#!/bin/sh\n[ "$1" = list-modules ] && cat <<'END'\n${text}\nEND\n`);
    await chmod(path, 0o755);
    expect([...(await readModules({ path, version: "v2.11.9" }))]).toEqual([
      "admin.api.load",
      "http.handlers.reverse_proxy",
      "http.handlers.rate_limit",
    ]);
  });
});

describe("caddyEnvironment", () => {
  it("hands on no key and no proxy, and keeps Caddy's state in the run directory", () => {
    const env = caddyEnvironment("/run-here", {
      PATH: "/bin",
      HOME: "/home/a",
      OLLAMA_API_KEY: "x",
      ACCESS_KEYS: "x",
      SESSION_SECRET: "x",
      HTTP_PROXY: "http://proxy.example",
      http_proxy: "http://proxy.example",
      XDG_CONFIG_HOME: "/home/a/.config",
    });
    expect(env).toEqual({
      PATH: "/bin",
      HOME: "/home/a",
      XDG_CONFIG_HOME: join("/run-here", "caddy", "config"),
      XDG_DATA_HOME: join("/run-here", "caddy", "data"),
    });
  });
});

describe("the version of Caddy", () => {
  it.each([
    ["2.6.2", [2, 6, 2]],
    ["v2.11.9 h1:sum=", [2, 11, 9]],
    ["v2.12.0-beta.1", [2, 12, 0]],
    ["(devel)", undefined],
    ["", undefined],
  ])("%j is %j", (text, expected) => {
    expect(parseCaddyVersion(text)).toEqual(expected);
  });

  it.each([
    ["2.6.2", false, false],
    ["v2.7.0", true, false],
    ["v2.11.4", true, false],
    ["v2.11.5", true, true],
    ["v2.12.0", true, true],
    ["v3.0.0", true, true],
    ["unknown", false, false],
  ])("%s: persist_config and fallback_sni %s, idle time-outs %s", (version, since7, idle) => {
    expect(caddyKnows(version, "persistConfig")).toBe(since7);
    expect(caddyKnows(version, "fallbackName")).toBe(since7);
    expect(caddyKnows(version, "idleTimeouts")).toBe(idle);
  });
});
