import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOrMakeSecret, sha256Hex, weaknessOf } from "../../gateway/keys.ts";

const onWindows = process.platform === "win32";
let parent: string;
let directory: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "latchkey-keys-"));
  directory = join(parent, ".latchkey");
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

async function put(name: string, content: string, permissions = 0o600): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, name);
  await writeFile(path, content, { mode: permissions });
  return path;
}

describe("readOrMakeSecret", () => {
  it("makes 32 random bytes in hex, one line, readable by nobody else", async () => {
    const secret = await readOrMakeSecret(directory, "door-key");
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(await readFile(join(directory, "door-key"), "utf8")).toBe(`${secret}\n`);
    if (onWindows) return;
    expect(await mode(join(directory, "door-key"))).toBe(0o600);
    expect(await mode(directory)).toBe(0o700);
  });

  it("gives the same one again, and another for each name", async () => {
    const first = await readOrMakeSecret(directory, "door-key");
    expect(await readOrMakeSecret(directory, "door-key")).toBe(first);
    expect(await readOrMakeSecret(directory, "access-key")).not.toBe(first);
  });

  it("gives everyone who asks at once the same one, and leaves nothing else behind", async () => {
    const asked = Array.from({ length: 20 }, () => readOrMakeSecret(directory, "session-secret"));
    expect(new Set(await Promise.all(asked)).size).toBe(1);
    expect(await readdir(directory)).toEqual(["session-secret"]);
  });

  it("takes a key a person put there, whatever its line end", async () => {
    const key = "Kx7-q_R2Zt5vB8nM1cW4jL6hP9dG3fS0";
    await put("door-key", `${key}\r\n`);
    expect(await readOrMakeSecret(directory, "door-key")).toBe(key);
  });

  it.each([
    ["nothing", "", "is empty"],
    ["a blank line", "\n", "is empty"],
    ["the recipe's own key", "your-secret-key-here-make-it-long-and-random", "example"],
    ["a word to be changed", "changeme-changeme-changeme-changeme-1", "example"],
    ["one character", "a".repeat(64), "easy to guess"],
    ["few different characters", "abcdefgbacdfegcabdgefdcbaegfgfedcbaabgfc", "easy to guess"],
    ["a few characters over and over", "abcdefgh9".repeat(5), "easy to guess"],
    ["a short key", "f3a9c1", "32 to 128"],
    ["two lines", `${"0f1e2d3c".repeat(5)}\n${"0f1e2d3c".repeat(5)}`, "32 to 128"],
    ["a wildcard", `${"0f1e2d3c4b5a6978".repeat(2)}*`, "32 to 128"],
    ["a space", `${"0f1e2d3c4b5a6978".repeat(2)} x`, "32 to 128"],
  ])(
    "refuses %s, and names the file and what to do, not the secret",
    async (_, content, reason) => {
      const path = await put("door-key", content);
      const failure = await readOrMakeSecret(directory, "door-key").catch((error: unknown) =>
        String(error),
      );
      expect(failure).toContain(path);
      expect(failure).toContain(reason);
      expect(failure).toContain("Delete the file and a new one is made.");
      expect(failure).not.toContain(content.trim() || "no secret at all");
      expect(await readFile(path, "utf8")).toBe(content);
    },
  );

  it("wants hex of 32 bytes for the session secret", async () => {
    await put("session-secret", "Zt5vB8nM1cW4jL6hP9dG3fS0Kx7-q_R2Yy3Uu8Oo");
    await expect(readOrMakeSecret(directory, "session-secret")).rejects.toThrow(
      "32 or more bytes in hex",
    );
  });

  it.skipIf(onWindows)("closes a file and a directory that others can read", async () => {
    await readOrMakeSecret(directory, "door-key");
    const path = join(directory, "door-key");
    await chmod(path, 0o644);
    await chmod(directory, 0o755);
    await readOrMakeSecret(directory, "door-key");
    expect([await mode(path), await mode(directory)]).toEqual([0o600, 0o700]);
  });

  it.skipIf(onWindows)("follows no link out of its directory", async () => {
    const target = join(parent, "elsewhere");
    await put("other", "");
    await symlink(target, join(directory, "door-key"));
    await expect(readOrMakeSecret(directory, "door-key")).rejects.toThrow("is not a plain file");
  });
});

it("eight different characters are enough, in no order", () => {
  expect(weaknessOf("abcdefgbacdfegcabdgefdcbaegfgfedcbaabgfh")).toBeUndefined();
});

it("sha256Hex is the digest that sha256sum prints", () => {
  expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
