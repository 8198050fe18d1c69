import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Home, makeHome, SERVERS } from "../helpers/detached-door.ts";
import { parts } from "../helpers/parts.ts";

const KEY = randomBytes(32).toString("hex");

describe.each(SERVERS)("render %s", (server) => {
  describe.skipIf(parts[server] === undefined)("with the real server", () => {
    let home: Home;
    let out: string;
    const config = server === "caddy" ? "Caddyfile" : "nginx.conf";
    const keys = `keys.${server}`;

    beforeEach(async () => {
      home = await makeHome(server);
      await writeFile(join(home.folder, "door-key"), `${KEY}\n`, { mode: 0o600 });
      out = await mkdtemp(join(tmpdir(), "latchkey-out-"));
    });
    afterEach(async () => {
      await home.close();
      await rm(out, { recursive: true, force: true });
    });

    it("prints the configuration without a key, and where the keys belong", async () => {
      const { code, stdout } = await home.run("render", server);
      expect(code).toBe(0);
      expect(stdout).toContain(`# Beside it belongs ${keys} (mode 0600)`);
      expect(stdout).toContain(home.url.replace("http://", "").replace(/^.*:/, ""));
      expect(stdout).not.toContain(KEY);
      expect((await readdir(home.folder)).toSorted()).toStrictEqual(["door-key", "latchkey.json"]);
    });

    it("writes both files for their owner, and tells then that nothing differs", async () => {
      const dry = await home.run("render", server, "--out", out, "--dry-run");
      expect(dry.stdout).toContain("would be written");
      expect(await readdir(out)).toStrictEqual([]);
      const { code, stdout } = await home.run("render", server, "--out", out);
      expect(code).toBe(0);
      expect(stdout).toMatch(
        new RegExp(`^${keys} and ${config} are written to .*takes them[.]\n$`),
      );
      for (const name of [config, keys]) {
        expect((await stat(join(out, name))).mode & 0o777).toBe(0o600);
      }
      expect(await readFile(join(out, keys), "utf8")).toContain(KEY);
      const check = await home.run("render", server, "--out", out, "--check");
      expect(check).toMatchObject({
        code: 0,
        stdout: `${keys} is as it would be written\n${config} is as it would be written\n`,
      });
    });

    it("--check shows by lines what differs, never a key, and fails", async () => {
      await home.run("render", server, "--out", out);
      const other = randomBytes(32).toString("hex");
      const text = await readFile(join(out, keys), "utf8");
      await writeFile(join(out, keys), text.replace(KEY, other));
      const rendered = await readFile(join(out, config), "utf8");
      await writeFile(join(out, config), rendered.replaceAll("127.0.0.1:11434", "127.0.0.1:9999"));
      const { code, stdout } = await home.run("render", server, "--out", out, "--check");
      expect(code).toBe(1);
      expect(stdout).toContain(`${config} would be written otherwise (- there, + anew):`);
      expect(stdout).toMatch(
        /^ {2}- .*127[.]0[.]0[.]1:9999.*\n(?: {2}- .*\n)*? {2}\+ .*127[.]0[.]0[.]1:11434/m,
      );
      expect(stdout).toMatch(
        new RegExp(`${keys} would be[^]*- .*[0-9a-f]{8}[^]*\\+ .*[0-9a-f]{8}`),
      );
      for (const key of [KEY, other]) expect(stdout).not.toContain(key.slice(0, 16));
      const json = await home.run("render", server, "--out", out, "--check", "--json");
      expect(json.code).toBe(1);
      expect(JSON.parse(json.stdout)).toMatchObject({
        ok: false,
        files: [
          { file: keys, state: "differs" },
          { file: config, state: "differs" },
        ],
      });
    });

    it("--check tells what is not there", async () => {
      const { code, stdout } = await home.run("render", server, "--check");
      expect({ code, stdout }).toStrictEqual({
        code: 1,
        stdout: `${keys} is not there\n${config} is not there\n`,
      });
    });
  });
});

describe("what the description forbids", () => {
  it("is warned of each time, or refused", async () => {
    await using cleanup = new AsyncDisposableStack();
    const open = { listen: { address: "0.0.0.0" }, insecure: true };
    const home = await makeHome("caddy", open);
    cleanup.defer(() => home.close());
    for (const server of SERVERS.filter((one) => parts[one] !== undefined)) {
      const { code, stderr } = await home.run("render", server);
      expect(code).toBe(0);
      expect(stderr).toContain("everyone on the way can read the key");
    }
    const tls = { listen: { address: "0.0.0.0" }, tls: "automatic", name: "door.example.com" };
    await writeFile(join(home.folder, "latchkey.json"), JSON.stringify(tls));
    const { code, stderr } = await home.run("render", "nginx");
    expect(code).toBe(1);
    expect(stderr).toContain("nginx makes no certificate by itself");
  });

  it("includes a server that there is not", async () => {
    await using cleanup = new AsyncDisposableStack();
    const home = await makeHome("caddy");
    cleanup.defer(() => home.close());
    const { code, stderr } = await home.run("render", "apache");
    expect(code).toBe(2);
    expect(stderr).toContain("SERVER wants caddy or nginx.");
  });
});
