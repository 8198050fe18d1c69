import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../helpers/copy-tree.ts";
import { freePort } from "../helpers/free-port.ts";

it("up reads the named keys before it starts anything, and says which it cannot read", async () => {
  await using cleanup = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), "latchkey-access-up-"));
  cleanup.defer(() => rm(home, { recursive: true, force: true }));
  const hash = "5".repeat(64);
  await writeFile(join(home, "access-keys"), `ann:guest:${hash},pasted-key\n`, { mode: 0o600 });
  const ports = ["--port", `${await freePort()}`, "--door-port", `${await freePort()}`];
  const args = [join(ROOT, "gateway/cli.ts"), "up", "--demo", "--yes", ...ports];
  const env = {
    PATH: process.env["PATH"] ?? "",
    LATCHKEY_HOME: home,
    NODE_ENV: "production",
  } as const;
  const { code, said } = await new Promise<{ code: unknown; said: string }>((resolve) => {
    // One that does run is ended, with all it started.
    execFile(process.execPath, args, { env, timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ code: error?.code, said: stdout + stderr });
    });
  });
  expect(code).toBe(1);
  expect(said).toContain(
    `Entry 2 of ${join(home, "access-keys")} is not name:role:sha256hex[:expiry].`,
  );
  expect(said).not.toContain("pasted-key");
  expect(await readdir(home)).not.toContain("running.json");
});
