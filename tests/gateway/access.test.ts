import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { AccessEntry } from "../../gateway/access/entries.ts";
import { withEntry } from "../../gateway/access/keys.ts";
import { changeAccessList, readAccessList } from "../../gateway/access/list-file.ts";
import { markProcess } from "../../gateway/up/process-mark.ts";
import { parseAccessKeys } from "../../lib/access-keys.ts";
import { ROOT } from "../helpers/copy-tree.ts";

const onWindows = process.platform === "win32";
const HASH = "5".repeat(64);
const DAY = 86_400;

let parent: string;
let home: string;
let file: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "latchkey-access-"));
  home = join(parent, "state");
  file = join(home, "access-keys");
});
afterEach(() => rm(parent, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function access(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, "gateway/cli.ts"), "access", ...args],
      { env: { LATCHKEY_HOME: home, NODE_ENV: "production" } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      },
    );
  });
}

/** The id of a process that is over. */
const endedProcess = (): number => spawnSync(process.execPath, ["--version"]).pid;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const added = z.strictObject({
  name: z.string(),
  role: z.string(),
  expiresAt: z.string().nullable(),
  key: z.string().regex(/^[0-9a-f]{64}$/u),
  accessKeys: z.string(),
});

async function add(...args: readonly string[]) {
  return added.parse(JSON.parse((await access("add", ...args, "--json")).stdout));
}

async function put(content: string, name = "access-keys"): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(join(home, name), content, { mode: 0o600 });
}

describe("access add", () => {
  it("shows a new key once and keeps its hash alone, where nobody else reads it", async () => {
    const { code, stdout, stderr } = await access("add", "ann");
    expect([code, stderr]).toStrictEqual([0, ""]);
    const key = /^ {2}([0-9a-f]{64})$/mu.exec(stdout)?.[1] ?? "";
    expect(stdout.split(key)).toHaveLength(2);
    expect(await readFile(file, "utf8")).toBe(`ann:member:${sha256(key)}\n`);
    expect((await readdir(home)).toSorted()).toStrictEqual(["access-key", "access-keys"]);
    if (onWindows) return;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
  });

  it("prints the whole variable, this computer's own key first, and where it goes", async () => {
    const own = "Kx7-q_R2Zt5vB8nM1cW4jL6hP9dG3fS0";
    await put(`${own}\n`, "access-key");
    await access("add", "ann");
    const { stdout } = await access("add", "bob", "--role", "guest");
    const value = /^ {2}ACCESS_KEYS=(\S+)$/mu.exec(stdout)?.[1] ?? "";
    // As the app itself reads it.
    expect(parseAccessKeys(value).map(({ name, role }) => [name, role])).toStrictEqual([
      ["owner", "owner"],
      ["ann", "member"],
      ["bob", "guest"],
    ]);
    expect(value).toContain(sha256(own));
    expect(stdout).not.toContain(own);
    expect(stdout).toContain("npx vercel@60.1.3 env add ACCESS_KEYS production");
    expect(stdout).toContain("At home it is in force from the next npm run up.");
  });

  it("has the owner on it although up has never run, with the key that up will use", async () => {
    const { accessKeys } = await add("ann");
    const own = (await readFile(join(home, "access-key"), "utf8")).trim();
    expect(accessKeys).toMatch(new RegExp(`^owner:owner:${sha256(own)},ann:member:`, "u"));
    expect((await add("bob")).accessKeys).toContain(`owner:owner:${sha256(own)},`);
  });

  it("says how the new list comes into force while up runs", async () => {
    await put(JSON.stringify({ ...markProcess(process.pid), children: [] }), "processes.json");
    const how =
      "the old list is in force until you restart:\n  npm run latchkey -- stop\n  npm run up\n";
    expect((await access("add", "ann")).stdout).toContain(how);
    expect((await access("remove", "ann")).stdout).toContain(how);
  });

  it("ends a key after so many days", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { expiresAt, accessKeys } = await add("ann", "--days", "30");
    const key = parseAccessKeys(accessKeys).find((one) => one.name === "ann");
    expect(key?.expiresAt).toBeGreaterThanOrEqual(before + 30 * DAY);
    expect(key?.expiresAt).toBeLessThan(before + 31 * DAY);
    expect(Date.parse(expiresAt ?? "") / 1000).toBe(key?.expiresAt);
  });

  it("tells a program the key and the variable", async () => {
    const { name, role, expiresAt, key, accessKeys } = await add("ann.B_1-2", "--role", "owner");
    expect([name, role, expiresAt]).toStrictEqual(["ann.B_1-2", "owner", null]);
    expect(accessKeys.split(",")[1]).toBe(`ann.B_1-2:owner:${sha256(key)}`);
  });

  it.each([
    ["ann", "access remove ann"],
    ["owner", "Choose another name"],
  ])("refuses the taken name %s with the fix", async (name, fix) => {
    await put(`ann:member:${HASH}\n`);
    const { code, stdout, stderr } = await access("add", name);
    expect([code, stdout]).toStrictEqual([1, ""]);
    expect(stderr).toContain(fix);
    expect(await readFile(file, "utf8")).toBe(`ann:member:${HASH}\n`);
  });

  it("changes nothing in a dry run, and refuses there what it would refuse", async () => {
    await put(`ann:member:${HASH}\n`);
    const { code, stdout } = await access("add", "bob", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain('"bob" (member, ends: never)');
    expect(stdout).not.toMatch(/[0-9a-f]{64}/u);
    expect((await access("add", "ann", "--dry-run")).code).toBe(1);
    expect(await readFile(file, "utf8")).toBe(`ann:member:${HASH}\n`);
  });
});

describe("access list", () => {
  const past = Math.floor(Date.now() / 1000) - DAY;
  const pastDay = new Date(past * 1000).toISOString().slice(0, 10);
  const content = `ann:member:${HASH}:1900000000,b:guest:${HASH}:${past},carl:owner:${HASH}\n`;

  const own = "Kx7-q_R2Zt5vB8nM1cW4jL6hP9dG3fS0";
  const variable = `owner:owner:${sha256(own)},${content.trim()}`;

  it("shows names, roles and days, this computer's own first, and the variable as it is", async () => {
    await put(content);
    await put(`${own}\n`, "access-key");
    const { code, stdout } = await access("list");
    expect(code).toBe(0);
    const shown = stdout.replace(pastDay, "YESTERDAY").replace(variable, "VARIABLE");
    expect(shown).toMatchInlineSnapshot(`
      "NAME   ROLE    ENDS
      owner  owner   never (this computer's)
      ann    member  2030-03-17
      b      guest   YESTERDAY (over)
      carl   owner   never

      The app's list (hashes only, no key):

        ACCESS_KEYS=VARIABLE

      At Vercel, give it what stands after the =, then deploy:
        npx vercel@60.1.3 env add ACCESS_KEYS production --force
        npx vercel@60.1.3 deploy --prod
      "
    `);
    expect(stdout).not.toContain(own);
  });

  it("tells a program the same", async () => {
    await put(content);
    await put(`${own}\n`, "access-key");
    expect(JSON.parse((await access("list", "--json")).stdout)).toStrictEqual({
      accessKeys: variable,
      keys: [
        { name: "owner", role: "owner", expiresAt: null },
        { name: "ann", role: "member", expiresAt: "2030-03-17T17:46:40.000Z" },
        { name: "b", role: "guest", expiresAt: new Date(past * 1000).toISOString() },
        { name: "carl", role: "owner", expiresAt: null },
      ],
    });
  });

  it("says how to begin where there is none, and makes none", async () => {
    expect((await access("list")).stdout).toContain("npm run up makes one");
    expect((await access("list", "--json")).stdout).toBe('{"keys":[],"accessKeys":null}\n');
    expect(existsSync(home)).toBe(false);
  });

  it("prints no variable that would lock the owner out", async () => {
    await put(content);
    const { stdout } = await access("list");
    expect(stdout).toContain("carl  owner   never\n");
    expect(stdout).toContain("npm run up makes one");
    expect(stdout).not.toContain("ACCESS_KEYS");
  });
});

describe("access remove", () => {
  const content = `ann:member:${HASH},bob:guest:${HASH}\n`;

  it("drops the key and prints the variable without it", async () => {
    await put(content);
    const { code, stdout } = await access("remove", "ann");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^ {2}ACCESS_KEYS=owner:owner:[0-9a-f]{64},bob:guest:${HASH}$`, "mu"),
    );
    expect(await readFile(file, "utf8")).toBe(`bob:guest:${HASH}\n`);
    expect(JSON.parse((await access("remove", "bob", "--json")).stdout)).toStrictEqual({
      name: "bob",
      accessKeys: expect.stringMatching(/^owner:owner:[0-9a-f]{64}$/u),
    });
  });

  it("says how to renew this computer's own", async () => {
    await put(content);
    const { code, stderr } = await access("remove", "owner");
    expect(code).toBe(1);
    expect(stderr).toContain("delete .latchkey/access-key, then npm run up");
    expect(await readFile(file, "utf8")).toBe(content);
  });

  it("says when there is none of that name", async () => {
    await put(content);
    const { code, stderr } = await access("remove", "carl");
    expect(code).toBe(1);
    expect(stderr).toContain('There is no key named "carl".');
    expect(stderr).toContain("access list");
  });

  it("changes nothing in a dry run", async () => {
    await put(content);
    const { code, stdout } = await access("remove", "ann", "--dry-run", "--json");
    expect([code, JSON.parse(stdout)]).toStrictEqual([0, { name: "ann", dryRun: true }]);
    expect(await readFile(file, "utf8")).toBe(content);
  });
});

describe("a list that cannot be read", () => {
  const pasted = "sk-somebody-pasted-a-key-here";
  it.each([
    [["add", "carl"], `ann:member:${HASH},${pasted}\n`, 2],
    [["remove", "ann"], `ann:member:${HASH},${pasted}\n`, 2],
    [["list"], `ann:member:${HASH}\nbob:guest:${HASH}:${pasted}\n`, 1],
    [["list"], `ann:member:${HASH},,bob:guest:${HASH}\n`, 2],
    [["add", "carl"], `ann:admin:${pasted}\n`, 1],
  ])("%j names the place, keeps every byte and shows none", async (args, content, place) => {
    await put(content);
    const { code, stdout, stderr } = await access(...args);
    expect([code, stdout]).toStrictEqual([1, ""]);
    expect(stderr).toContain(`Entry ${place} of ${file} is not name:role:sha256hex[:expiry].`);
    expect(stderr).not.toContain(pasted);
    expect(stderr).not.toContain(HASH);
    expect(await readFile(file, "utf8")).toBe(content);
    expect(await readdir(home)).toStrictEqual(["access-keys"]);
  });
});

describe("several who change the list at once", () => {
  const entry = (name: string): AccessEntry => ({
    name,
    role: "member",
    hash: HASH,
    expiresAt: undefined,
  });
  const names = Array.from({ length: 25 }, (_, index) => `name-${index}`);

  it("lose nothing", async () => {
    await Promise.all(
      names.map((name) => changeAccessList(home, (before) => withEntry(before, entry(name)))),
    );
    const kept = (await readAccessList(home)).map(({ name }) => name);
    expect(kept.toSorted()).toStrictEqual(names.toSorted());
    expect(await readdir(home)).toStrictEqual(["access-keys"]);
  });

  it("lose nothing as commands either", async () => {
    const made = await Promise.all(["ann", "bob", "carl", "dan"].map((name) => add(name)));
    const hashes = (await readAccessList(home)).map(({ hash }) => hash);
    expect(hashes.toSorted()).toStrictEqual(made.map(({ key }) => sha256(key)).toSorted());
  });

  it.each([
    ["goes on for long", () => process.pid, "for a long time", "delete"],
    ["was killed in the middle", endedProcess, "that was killed", "Delete"],
  ])("say what to do when one %s", async (_, holder, message, verb) => {
    await put(`${holder()}\n`, "access-keys.lock");
    const change = changeAccessList(home, (before) => withEntry(before, entry("ann")), 30);
    await expect(change).rejects.toMatchObject({
      message: expect.stringContaining(message),
      fix: expect.stringContaining(`${verb} ${file}.lock`),
    });
  });

  it("leave the list to others after a change that failed", async () => {
    const failing = changeAccessList(home, () => {
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    await changeAccessList(home, (before) => withEntry(before, entry("ann")), 30);
    expect(await readdir(home)).toStrictEqual(["access-keys"]);
  });
});
