import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  keysAddCommand,
  keysRevokeCommand,
  keysRotateCommand,
} from "../../gateway/commands/keys.ts";
import { withCaller, withNewKey, withoutCaller } from "../../gateway/door/callers.ts";
import type { Callers } from "../../gateway/door/change-door.ts";
import { keysText, removeDrafts } from "../../gateway/door/door-files.ts";
import {
  breakDeadDoorLock,
  currentKey,
  makeDoorKey,
  readDoorKeys,
  withDoorLock,
  writeDoorKeys,
} from "../../gateway/door/key-store.ts";
import {
  appText,
  describeCallers,
  printOf,
  tellCallers,
  withoutAppText,
} from "../../gateway/door/keys-words.ts";
import { rendererOf } from "../../gateway/door/program.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";
import { rotateLogs } from "../../gateway/door/rotate-logs.ts";

const NOW = new Date("2026-05-01T12:00:00.000Z");
const MINUTE_MS = 60_000;
const at = (minutes: number): string => new Date(NOW.getTime() + minutes * MINUTE_MS).toISOString();
const OLD = makeDoorKey();
const NEW = makeDoorKey();
const OTHER = makeDoorKey();

const two: Callers = {
  names: ["app", "phone"],
  keys: new Map([
    ["app", [{ key: OLD, since: at(-100) }]],
    ["phone", [{ key: OTHER, since: at(-50) }]],
  ]),
};

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "latchkey-keys-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe("a rotation", () => {
  it("leaves the old key good for the grace, and no longer than it was", () => {
    const once = withNewKey(two, { name: "app", key: NEW, now: NOW, graceMs: 60 * MINUTE_MS });
    expect(once.keys.get("app")).toStrictEqual([
      { key: OLD, since: at(-100), until: at(60) },
      { key: NEW, since: at(0) },
    ]);
    const again = { name: "app", key: OTHER, now: NOW, graceMs: 120 * MINUTE_MS };
    expect(
      withNewKey(once, again)
        .keys.get("app")
        ?.map(({ until }) => until),
    ).toStrictEqual([at(60), at(120), undefined]);
    const sooner = withNewKey(once, { ...again, graceMs: MINUTE_MS });
    expect(sooner.keys.get("app")?.map(({ until }) => until)).toStrictEqual([
      at(1),
      at(1),
      undefined,
    ]);
  });

  it("without a grace ends every old key at once", () => {
    const after = withNewKey(two, { name: "app", key: NEW, now: NOW, graceMs: 0 });
    expect(after.keys.get("app")).toStrictEqual([{ key: NEW, since: at(0) }]);
  });

  it("wants a caller that is there", () => {
    const wish = { name: "nobody", key: NEW, now: NOW, graceMs: 0 };
    expect(() => withNewKey(two, wish)).toThrow('There is no caller named "nobody".');
  });
});

describe("callers", () => {
  it("are added once", () => {
    const wish = { name: "desk", key: NEW, now: NOW };
    expect(withCaller(two, wish).names).toStrictEqual(["app", "phone", "desk"]);
    expect(() => withCaller(two, { ...wish, name: "phone" })).toThrow(
      'There is a caller named "phone" already.',
    );
  });

  it("that a person wrote down by hand get a key by being added", () => {
    const written = { names: ["app", "desk"], keys: two.keys };
    const after = withCaller(written, { name: "desk", key: NEW, now: NOW });
    expect(after.names).toStrictEqual(["app", "desk"]);
    expect(currentKey(after.keys, "desk")?.key).toBe(NEW);
  });

  it("go with all their keys, but for the last one", () => {
    const after = withoutCaller(two, "app");
    expect([...after.keys.keys()]).toStrictEqual(["phone"]);
    expect(() => withoutCaller(after, "phone")).toThrow('"phone" is the only caller');
    expect(() => withoutCaller(two, "desk")).toThrow('There is no caller named "desk".');
  });

  it("are told without a key", () => {
    const once = withNewKey(two, { name: "app", key: NEW, now: NOW, graceMs: 60 * MINUTE_MS });
    const told = tellCallers({ ...once, names: [...once.names, "desk"] });
    expect(describeCallers(told)).toStrictEqual([
      "NAME   SINCE (UTC)       KEY'S SHA-256",
      `app    2026-05-01 12:00  ${printOf(NEW)}`,
      `       until 05-01 13:00  ${printOf(OLD)} (old)`,
      `phone  2026-05-01 11:10  ${printOf(OTHER)}`,
      "desk   no key",
    ]);
    const text = JSON.stringify(told) + describeCallers(told).join("\n");
    for (const key of [OLD, NEW, OTHER]) expect(text).not.toContain(key.slice(0, 16));
  });
});

describe("what is said of the app's key", () => {
  const LINE = "  npx vercel@60.1.3 env add OLLAMA_API_KEY production --force";

  it("is how the deployed app gets the new one, and the one that runs here", () => {
    expect(appText("app", false)).toContain(LINE);
    expect(appText("app", false)).not.toContain("  npm run up");
    expect(appText("app", true)).toContain("  npm run up");
    expect(withoutAppText("app")).toContain(LINE);
  });

  it("is nothing where it is another's", () => {
    expect([...appText("phone", true), ...withoutAppText("phone")]).toStrictEqual([]);
  });
});

describe("what is typed wrong", () => {
  it.each(["-1", "ten", "", "10081", "1e3"])("as the grace is refused: %j", async (text) => {
    const run = keysRotateCommand.run(["app", `--grace=${text}`]);
    await expect(run).rejects.toThrow("--grace wants minutes from 0 to 10080.");
  });

  it.each(["App", "-a", "a b", "a".repeat(33)])("as a name is refused: %j", async (name) => {
    for (const command of [keysAddCommand, keysRotateCommand, keysRevokeCommand]) {
      await expect(command.run(["--", name])).rejects.toThrow("NAME wants a letter");
    }
  });
});

describe("the store", () => {
  it("is for its owner, and keeps the app's current key in its file", async () => {
    await writeDoorKeys(home, two.keys, NOW);
    expect(await readDoorKeys(home, NOW)).toStrictEqual(two.keys);
    expect((await readFile(join(home, "door-key"), "utf8")).trim()).toBe(OLD);
    for (const name of ["door-keys.json", "door-key"]) {
      expect((await stat(join(home, name))).mode & 0o777).toBe(0o600);
    }
    expect(await readdir(home)).toHaveLength(2);
  });

  it("forgets a key whose time is over, when it is read and when it is written", async () => {
    const { keys } = withNewKey(two, { name: "app", key: NEW, now: NOW, graceMs: MINUTE_MS });
    await writeDoorKeys(home, keys, NOW);
    const inTime = await readDoorKeys(home, new Date(NOW.getTime() + MINUTE_MS - 1));
    expect(inTime.get("app")).toHaveLength(2);
    const over = await readDoorKeys(home, new Date(NOW.getTime() + MINUTE_MS));
    expect(over.get("app")).toStrictEqual([{ key: NEW, since: at(0) }]);
    await writeDoorKeys(home, keys, new Date(NOW.getTime() + MINUTE_MS));
    expect(await readFile(join(home, "door-keys.json"), "utf8")).not.toContain(OLD);
  });

  it("is made of the app's file where there is none", async () => {
    await writeFile(join(home, "door-key"), `${OLD}\n`, { mode: 0o600 });
    await utimes(join(home, "door-key"), NOW, NOW);
    expect(await readDoorKeys(home)).toStrictEqual(
      new Map([["app", [{ key: OLD, since: at(0) }]]]),
    );
    expect(await readdir(home)).toStrictEqual(["door-key"]);
  });

  it("follows the app's file when somebody has replaced that", async () => {
    const { keys } = withNewKey(two, { name: "app", key: NEW, now: NOW, graceMs: MINUTE_MS });
    await writeDoorKeys(home, keys, NOW);
    await writeFile(join(home, "door-key"), `${OTHER.replace(/^./, "a")}\n`);
    const after = await readDoorKeys(home, NOW);
    expect(after.get("app")?.map(({ key }) => key)).toStrictEqual([OTHER.replace(/^./, "a")]);
    expect(after.get("phone")).toHaveLength(1);
  });

  it("takes the app's file away with the app", async () => {
    await writeDoorKeys(home, two.keys, NOW);
    await writeDoorKeys(home, withoutCaller(two, "app").keys, NOW);
    expect(await readdir(home)).toStrictEqual(["door-keys.json"]);
  });

  it("that cannot be read is named, and nothing of it told", async () => {
    await writeFile(join(home, "door-keys.json"), `{"callers":{"app":[{"kee":"${OLD}"}]}}`);
    const message = await readDoorKeys(home).catch((error: unknown) => String(error));
    expect(message).toContain("door-keys.json does not hold keys as Latchkey writes them");
    expect(message).not.toContain(OLD);
  });

  it("is changed by one at a time, and a lock that stays is named", async () => {
    const order: string[] = [];
    const held = Promise.withResolvers<undefined>();
    const first = withDoorLock(home, async () => {
      order.push("first begins");
      await held.promise;
      order.push("first ends");
    });
    await vi.waitFor(() => expect(order).toHaveLength(1));
    await expect(withDoorLock(home, () => Promise.resolve(), 50)).rejects.toThrow("long time");
    const second = withDoorLock(home, () => Promise.resolve(order.push("second")));
    held.resolve(undefined);
    await Promise.all([first, second]);
    expect(order).toStrictEqual(["first begins", "first ends", "second"]);
  });
});

describe("what a killed command left", () => {
  const lock = (): string => join(home, "door-keys.json.lock");

  it("is a lock that the door's watcher takes away, once its holder is dead", async () => {
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    await writeFile(lock(), `${dead}\n`);
    expect(await breakDeadDoorLock(home)).toBe(true);
    expect(await readdir(home)).toStrictEqual([]);
  });

  it("is never a lock whose holder lives", async () => {
    await writeFile(lock(), `${process.pid}\n`);
    expect(await breakDeadDoorLock(home)).toBe(false);
    expect(await readdir(home)).toStrictEqual(["door-keys.json.lock"]);
  });

  it("is a draft with keys in it, which goes; one of a command that runs stays", async () => {
    await mkdir(join(home, "draft-old"));
    await mkdir(join(home, "draft-new"));
    await utimes(join(home, "draft-old"), new Date(0), new Date(0));
    await removeDrafts(home);
    expect(await readdir(home)).toStrictEqual(["draft-new"]);
  });

  it("is a caller without a key, who stands in nobody's way and passes nowhere", () => {
    const spec = parseSpec({ callers: [{ name: "app" }, { name: "phone" }] });
    const keys = new Map([["app", [NEW]]]);
    expect(keysText({ spec, keys }, rendererOf("caddy"))).toBe(`${NEW} app\n`);
  });
});

describe("logs", () => {
  const logs = { megabytes: 1, keep: 2 };
  const files = { config: "c", keys: "k", accessLog: "access.log", doorLog: "door.log" };

  it("are put aside when they are full, as many as are wanted", async () => {
    const reopened: string[][] = [];
    const reopenLogs = async (): Promise<void> => {
      reopened.push(await readdir(home));
      await writeFile(join(home, "access.log"), "");
    };
    await writeFile(join(home, "door.log"), "short");
    await mkdir(join(home, "other"));
    for (const second of [1, 2, 3]) {
      await writeFile(join(home, "access.log"), "x".repeat(1_048_576));
      const now = new Date(NOW.getTime() + second * 1000);
      const full = await rotateLogs(home, { files, reopenLogs }, { logs, env: {}, now });
      expect(full).toStrictEqual(["access.log"]);
    }
    expect(reopened).toHaveLength(3);
    expect(reopened[0]).not.toContain("access.log");
    expect((await readdir(home)).toSorted()).toStrictEqual([
      "access-2026-05-01T12-00-02.000Z.log",
      "access-2026-05-01T12-00-03.000Z.log",
      "access.log",
      "door.log",
      "other",
    ]);
  });

  it("that are not full stay, and those of a server that rotates itself", async () => {
    await writeFile(join(home, "access.log"), "x".repeat(1_048_575));
    const reopenLogs = vi.fn<() => Promise<void>>();
    expect(await rotateLogs(home, { files, reopenLogs }, { logs, env: {} })).toStrictEqual([]);
    await writeFile(join(home, "access.log"), "x".repeat(2_000_000));
    expect(await rotateLogs(home, { files }, { logs, env: {} })).toStrictEqual([]);
    expect(reopenLogs).not.toHaveBeenCalled();
  });
});
