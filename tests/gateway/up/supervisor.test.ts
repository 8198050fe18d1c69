import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHousehold, type Household } from "../../../gateway/up/household.ts";
import { claim } from "../../../gateway/up/ledger.ts";
import { type Service, superviseService } from "../../../gateway/up/supervisor.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { type Family, generation, isAlive, makeFamily } from "./family.ts";

let family: Family;
let household: Household;
const said: string[] = [];
let comebacks = 0;

const watching = {
  say: (line: string) => {
    said.push(line);
  },
  onBack: () => {
    comebacks += 1;
  },
};

/** Ready as soon as it has started once more than before. */
const serviceOf = (rest: Partial<Service> = {}): Service => ({
  ...family.program,
  isReady: async () => (await family.generations()).length > comebacks,
  patienceMs: 10_000,
  fix: "Look at it.",
  ...rest,
});

async function begin(isDeaf = false): Promise<void> {
  family = await makeFamily(isDeaf);
  const claimed = await claim(family.home);
  if (!("own" in claimed)) throw new Error("The folder is new, and taken");
  household = createHousehold(family.home, claimed.own);
}

beforeEach(async () => {
  said.length = 0;
  comebacks = 0;
  await begin();
});

afterEach(async () => {
  await household.close();
  await rm(family.home, { recursive: true, force: true });
});

describe("a service that ends", () => {
  it("is started again, with a line that says so, and what it had started is ended", async () => {
    await superviseService(household, serviceOf(), watching);
    const [parent = 0, grandchild = 0] = await generation(family, 1);
    process.kill(parent, "SIGKILL");
    await waitUntil("it to be back", () => comebacks === 1);
    expect(said).toStrictEqual([
      "The parent ended (SIGKILL); starting it again in 0.25 s.",
      "The parent is back.",
    ]);
    expect(await isAlive(grandchild)).toBe(false);
    const [second = 0] = await generation(family, 2);
    expect(household.pids()).toStrictEqual([second]);
  });

  it("again and again waits longer each time", async () => {
    const service = serviceOf({
      isReady: async () => (await family.generations()).length > 0,
    });
    await superviseService(household, service, watching);
    for (const number of [1, 2, 3]) {
      const [parent = 0] = await generation(family, number);
      await waitUntil("it to be watched", () => comebacks === number - 1);
      process.kill(parent, "SIGKILL");
    }
    await generation(family, 4);
    const waits = said.flatMap((line) => /again in ([\d.]+) s/.exec(line)?.[1] ?? []);
    expect(waits).toStrictEqual(["0.25", "0.50", "1"]);
  });

  it("is not started again once everything is being ended", async () => {
    await superviseService(household, serviceOf(), watching);
    await household.close();
    expect(said).toStrictEqual([]);
    expect(await family.generations()).toHaveLength(1);
    await expect(household.start(family.program)).rejects.toThrow("Everything is being ended");
  });
});

describe("a service that does not become ready", () => {
  it("tells how it ended and its last words", async () => {
    const args = ["-e", "console.error('no such thing'); process.exit(3)"];
    const service = serviceOf({ args, isReady: () => Promise.resolve(false) });
    await expect(superviseService(household, service, watching)).rejects.toMatchObject({
      message: "The parent ended as soon as it started (exit code 3).",
      fix: "Look at it.",
      lastLines: ["no such thing"],
    });
  });

  it("alone is ended, and not started again", async () => {
    const confirm = () => Promise.reject(new Error("not alone"));
    const service = serviceOf({ confirm });
    await expect(superviseService(household, service, watching)).rejects.toThrow("not alone");
    expect(household.pids()).toStrictEqual([]);
    expect(said).toStrictEqual([]);
  });

  it("is given up after its time", async () => {
    const service = serviceOf({
      patienceMs: 300,
      isReady: () => Promise.reject(new Error("connection refused")),
    });
    await expect(superviseService(household, service, watching)).rejects.toMatchObject({
      message: "The parent did not answer within 0 s.",
    });
  });
});

describe("ending everything", () => {
  it("ends grandchildren too", async () => {
    await superviseService(household, serviceOf(), watching);
    const pids = await generation(family, 1);
    expect(await Promise.all(pids.map(isAlive))).toStrictEqual([true, true]);
    await household.close();
    expect(await Promise.all(pids.map(isAlive))).toStrictEqual([false, false]);
  });

  it("makes those end that do not when asked", async () => {
    await household.close();
    await rm(family.home, { recursive: true });
    await begin(true);
    await superviseService(household, serviceOf(), watching);
    const pids = await generation(family, 1);
    await household.close();
    expect(await Promise.all(pids.map(isAlive))).toStrictEqual([false, false]);
  });
});

it("writes a log only its owner may read, without the last run's", async () => {
  await writeFile(family.program.logFile, "of the last run\n");
  const args = ["-e", "console.log('hello'); setInterval(() => undefined, 1000)"];
  const service = serviceOf({
    args,
    isReady: async () => (await readFile(family.program.logFile, "utf8")).includes("hello"),
  });
  await superviseService(household, service, watching);
  expect(await readFile(join(family.home, "parent.log"), "utf8")).toBe("hello\n");
});
