import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-caddy-current-"));
  await mkdir(join(folder, "bin"));
  vi.stubEnv("PATH", `${join(folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}`);
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
  vi.stubEnv("CI", "");
  vi.stubEnv("LATCHKEY_TEST_INSTALL", "1");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A Go of the given version; its `go run` runs `script`, with the file to make as `$OUTPUT`. */
async function standInGo(version: string, script: string): Promise<void> {
  const path = join(folder, "bin", "go");
  const text = `#!/bin/sh
if [ "$1" = env ]; then echo ${version}; exit; fi
for OUTPUT; do :; done
${script}
`;
  await writeFile(path, text);
  await chmod(path, 0o755);
}

/** The provisioner as a new run has it, with this test's cache. */
async function provisionAnew() {
  vi.resetModules();
  const { provisionCaddyCurrent } = await import("./caddy-current.ts");
  const said: string[] = [];
  const result = await provisionCaddyCurrent((line) => said.push(line));
  return { result, said };
}

const MAKES_ONE = `printf '#!/bin/sh\\n' > "$OUTPUT" && chmod +x "$OUTPUT"`;

// The stand-in is a shell script.
describe.skipIf(process.platform === "win32")("provisionCaddyCurrent", () => {
  it("builds once, and finds it again where nothing may be built", async () => {
    await standInGo("go1.26.8", MAKES_ONE);
    const first = await provisionAnew();
    expect(first.said).toEqual([expect.stringContaining("Building Caddy v2.11.9")]);
    vi.stubEnv("LATCHKEY_TEST_INSTALL", "");
    const second = await provisionAnew();
    expect(second).toEqual({ result: first.result, said: [] });
    expect(second.result).toEqual({ path: expect.stringContaining(join(folder, "cache")) });
  });

  it("leaves nothing half of a build that is cut short, and tells its words", async () => {
    await standInGo("go1.26.8", `${MAKES_ONE}; echo no space left; exit 1`);
    const { result } = await provisionAnew();
    expect(result).toEqual({ reason: "xcaddy failed: no space left" });
    const left = await readdir(join(folder, "cache"), { recursive: true });
    expect(left.filter((path) => !path.endsWith("v0.1.0"))).toEqual(["latchkey-tests"]);
  });

  it("builds nothing where nobody asked for it", async () => {
    await standInGo("go1.26.8", MAKES_ONE);
    vi.stubEnv("LATCHKEY_TEST_INSTALL", "");
    const { result } = await provisionAnew();
    expect(result).toEqual({ reason: expect.stringContaining("LATCHKEY_TEST_INSTALL=1 npm test") });
    expect(existsSync(join(folder, "cache"))).toBe(false);
  });

  it("says which Go it needs", async () => {
    await standInGo("go1.25.9", MAKES_ONE);
    const { result } = await provisionAnew();
    expect(result).toEqual({ reason: "building it needs Go 1.26 or newer on PATH" });
  });
});
