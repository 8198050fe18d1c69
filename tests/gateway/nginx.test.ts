import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findNginx, nginxArguments, nginxEnvironment } from "../../gateway/nginx.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-nginx-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that says what `nginx -v` says, which it says on stderr. */
async function pretend(name: string, says: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\nprintf '%s\\n' '${says}' >&2\n`);
  await chmod(path, 0o755);
  return path;
}

describe.skipIf(process.platform === "win32")("findNginx", () => {
  it.each([
    ["nginx version: nginx/1.22.1", "1.22.1"],
    ["nginx version: nginx/1.24.0 (Ubuntu)", "1.24.0"],
    ["nginx version: openresty/1.21.4.1", "1.21.4.1"],
    ["something else", ""],
  ])("finds the first on PATH, which says %j", async (says, version) => {
    const path = await pretend("nginx", says);
    const env = { PATH: ["/nowhere", "", folder].join(delimiter) };
    expect(await findNginx({ env })).toEqual({ path, version });
  });

  it("takes the one that NGINX_BIN names before any on PATH", async () => {
    await pretend("nginx", "nginx version: nginx/1.22.1");
    const path = await pretend("mine", "nginx version: nginx/1.28.0");
    const env = { PATH: folder, NGINX_BIN: path };
    expect(await findNginx({ env })).toEqual({ path, version: "1.28.0" });
  });

  it("takes an empty NGINX_BIN for none", async () => {
    const path = await pretend("nginx", "nginx version: nginx/1.22.1");
    const env = { PATH: folder, NGINX_BIN: "" };
    expect(await findNginx({ env })).toEqual({ path, version: "1.22.1" });
  });

  it("says so when NGINX_BIN names nothing that runs, and takes no other instead", async () => {
    await pretend("nginx", "nginx version: nginx/1.22.1");
    const NGINX_BIN = join(folder, "gone");
    await expect(findNginx({ env: { PATH: folder, NGINX_BIN } })).rejects.toThrow(
      `NGINX_BIN names ${NGINX_BIN},\nwhich does not run. Correct it, or unset it.`,
    );
  });
});

describe("what nginx is given", () => {
  it("is no key, no proxy and no socket of another", () => {
    const env = nginxEnvironment({
      PATH: "/bin",
      OLLAMA_API_KEY: "x",
      ACCESS_KEYS: "x",
      HTTP_PROXY: "http://proxy.example",
      NGINX: "3;",
    });
    expect(env).toEqual({ PATH: "/bin" });
  });

  it("is its run directory, with everything in it", () => {
    const words = ["-p", "/run-here", "-c", "nginx.conf", "-e", "door.log"];
    expect(nginxArguments("/run-here").slice(0, 6)).toEqual(words);
  });
});
