import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endGroup } from "../../../gateway/up/end-group.ts";
import { createHousehold } from "../../../gateway/up/household.ts";
import {
  claim,
  cleanUp,
  type Ledger,
  readLedger,
  removeLedger,
  writeLedger,
} from "../../../gateway/up/ledger.ts";
import { isRunning, markProcess, type ProcessMark } from "../../../gateway/up/process-mark.ts";
import { ROOT } from "../../helpers/copy-tree.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { type Family, generation, isAlive, makeFamily } from "./family.ts";

let family: Family;

beforeEach(async () => {
  family = await makeFamily();
});

afterEach(async () => {
  await rm(family.home, { recursive: true, force: true });
});

/** A mark of a process that is there. */
function mark(pid: number): ProcessMark {
  const found = markProcess(pid);
  if (found === undefined) throw new Error(`There is no process ${pid}`);
  return found;
}

/** A mark of a process that was there. */
async function gone(): Promise<ProcessMark> {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  await once(child, "spawn");
  const made = mark(child.pid ?? 0);
  child.stdin.end();
  await once(child, "exit");
  return made;
}

describe("a process", () => {
  it("is known again, and another with its number is not taken for it", () => {
    const own = mark(process.pid);
    expect(isRunning(own)).toBe(true);
    expect(isRunning({ ...own, started: `${own.started}1` })).toBe(false);
  });

  it("that has ended is not running", async () => {
    expect(isRunning(await gone())).toBe(false);
  });
});

describe("claiming the state folder", () => {
  it("makes a note that only its owner may read", async () => {
    await claim(family.home);
    expect(readLedger(family.home)).toMatchObject({ pid: process.pid, children: [] });
    expect(statSync(join(family.home, "processes.json")).mode & 0o777).toBe(0o600);
  });

  it("is refused while the one who has it runs, who is named", async () => {
    const other: Ledger = { ...mark(process.ppid), children: [] };
    writeLedger(family.home, other);
    expect(await claim(family.home)).toStrictEqual({ other });
    expect(readLedger(family.home)).toStrictEqual(other);
  });

  it("ends what a killed up left, grandchildren too, and removes its notes", async () => {
    const claimed = await claim(family.home);
    if (!("own" in claimed)) throw new Error("The folder is new, and taken");
    const household = createHousehold(family.home, claimed.own);
    await household.start(family.program);
    const pids = await generation(family, 1);
    const killed = { ...(await gone()), children: readLedger(family.home)?.children ?? [] };
    writeLedger(family.home, killed);
    writeFileSync(join(family.home, "running.json"), "{}");
    expect(await claim(family.home)).toHaveProperty("own");
    expect(await Promise.all(pids.map(isAlive))).toStrictEqual([false, false]);
    expect(existsSync(join(family.home, "running.json"))).toBe(false);
  });

  it("leaves a process alone that only has the number of one that was left", async () => {
    const stranger = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], {
      detached: true,
      stdio: "ignore",
    });
    await once(stranger, "spawn");
    const pid = stranger.pid ?? 0;
    writeLedger(family.home, { ...(await gone()), children: [{ pid, started: "another time" }] });
    await claim(family.home);
    expect(await isAlive(pid)).toBe(true);
    await endGroup(pid, 0);
  });

  it("keeps the note of another up that began while a killed one was cleaned up after", async () => {
    const killed = { ...(await gone()), children: [] };
    const other = { ...mark(process.ppid), children: [] };
    writeLedger(family.home, other);
    await cleanUp(family.home, killed);
    expect(readLedger(family.home)).toStrictEqual(other);
  });

  it("does not stumble over a note that cannot be read", async () => {
    writeFileSync(join(family.home, "processes.json"), '{"pid": 1');
    expect(await claim(family.home)).toHaveProperty("own");
  });
});

describe("the sentinel", () => {
  /** A sentinel of a process, by the number it is told. */
  async function post(pid: number) {
    const script = join(ROOT, "gateway/up/sentinel.ts");
    const child = spawn(process.execPath, [script, family.home, String(pid)], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    await once(child, "spawn");
    return { child, ended: once(child, "exit") };
  }

  it("ends everything when its up is killed", async () => {
    const claimed = await claim(family.home);
    if (!("own" in claimed)) throw new Error("The folder is new, and taken");
    await createHousehold(family.home, claimed.own).start(family.program);
    const pids = await generation(family, 1);
    const { child, ended } = await post(process.pid);
    child.stdin.end();
    await ended;
    expect(await Promise.all(pids.map(isAlive))).toStrictEqual([false, false]);
    expect(readLedger(family.home)).toBeUndefined();
  });

  it("goes quietly when its up has tidied up, or another up has begun", async () => {
    const claimed = await claim(family.home);
    const { child, ended } = await post(process.pid + 1);
    child.stdin.end();
    await ended;
    expect(readLedger(family.home)).toMatchObject("own" in claimed ? claimed.own : {});
    removeLedger(family.home);
    await waitUntil("the note to be gone", () => readLedger(family.home) === undefined);
  });
});
