import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STAGE_NAMES } from "../../gateway/bootstrap/stages.mjs";
import { ROOT } from "../helpers/copy-tree.ts";
import { planStages } from "./plan.ts";
import { addCounts, countsLine } from "./report.ts";
import { readCounts } from "./reports.ts";
import type { Stage } from "./stage.ts";
import { STAGES } from "./stages.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-reports-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function written(report: unknown): Promise<string> {
  const file = join(folder, "report.json");
  await writeFile(file, JSON.stringify(report));
  return file;
}

const vitest = (results: unknown[], failed = 0) => ({
  numPassedTests: 3,
  numFailedTests: failed,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: results,
});

describe("readCounts", () => {
  it("reads vitest's report", async () => {
    const file = await written(vitest([{ status: "passed", assertionResults: [{}] }]));
    expect(await readCounts("vitest", file, true)).toEqual({ passed: 3, failed: 0, skipped: 2 });
  });

  it("counts a test file that could not be loaded", async () => {
    const file = await written(vitest([{ status: "failed", assertionResults: [] }]));
    expect(await readCounts("vitest", file, false)).toMatchObject({ failed: 1 });
  });

  it("counts a runner that failed although no test did", async () => {
    const file = await written(vitest([]));
    expect(await readCounts("vitest", file, false)).toMatchObject({ passed: 3, failed: 1 });
  });

  it("counts a runner that left no report, whatever it says of itself", async () => {
    const file = join(folder, "absent.json");
    expect(await readCounts("playwright", file, true)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });

  it("reads Playwright's report, where a flaky test is a failed one", async () => {
    const file = await written({ stats: { expected: 5, unexpected: 1, flaky: 2, skipped: 4 } });
    expect(await readCounts("playwright", file, false)).toEqual({
      passed: 5,
      failed: 3,
      skipped: 4,
    });
  });
});

const stage = (name: string, needs: string[] = []): Stage => ({
  name,
  needs,
  run: () => Promise.resolve({ counts: { passed: 1, failed: 0, skipped: 0 }, output: "" }),
});

describe("planStages", () => {
  const rows = [
    [stage("provision")],
    [stage("lint"), stage("types")],
    [stage("e2e", ["provision"])],
  ];
  const names = (asked: string[]) =>
    planStages(rows, asked).map((row) => row.map(({ name }) => name));

  it("plans all when none is named", () => {
    expect(names([])).toEqual([["provision"], ["lint", "types"], ["e2e"]]);
  });

  it("adds what a named one needs, in the order of the whole", () => {
    expect(names(["e2e", "types"])).toEqual([["provision"], ["types"], ["e2e"]]);
  });

  it("names the stages when one is unknown", () => {
    expect(() => names(["nope"])).toThrow("The stages are: provision, lint, types, e2e.");
  });
});

describe("the names of the stages", () => {
  const names = STAGES.flat().map(({ name }) => name);

  it("are known before anything is installed", () => {
    expect(STAGE_NAMES).toStrictEqual(names);
  });

  it("stand in CONTRIBUTING.md", () => {
    const guide = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
    const listed = /`npm test -- unit`.+?: (.+?) \|/u.exec(guide)?.[1] ?? "";
    expect(listed.split(", ")).toStrictEqual(names.map((name) => `\`${name}\``));
  });
});

describe("countsLine", () => {
  it("tells the sums of all stages", () => {
    const one = { passed: 2, failed: 0, skipped: 1 };
    expect(countsLine(addCounts([one, one]))).toBe("4 passed, 0 failed, 2 skipped");
  });
});
