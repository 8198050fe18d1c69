/**
 * What Vercel would run: the output of `vercel build`, made offline in a copy of the tree with a
 * stub of a project. Without supportsCancellation a person's Stop never reaches the home door.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildEnvironment } from "../helpers/build.ts";
import { copyTree } from "../helpers/copy-tree.ts";
import { runCommand } from "../provision/run-command.ts";

/** Routes whose answers are streams, and so may last and must be stoppable. */
const STREAMING_ROUTES = ["api/chat", "v1/[...path]", "ollama/[[...path]]"];

/** What `vercel link` would write; nothing is installed, the copy has its node_modules already. */
const PROJECT = {
  projectId: "prj_stub",
  orgId: "team_stub",
  settings: { framework: "nextjs", nodeVersion: "24.x", installCommand: "" },
};

const functionConfig = z.object({
  runtime: z.string(),
  maxDuration: z.number().optional(),
  supportsCancellation: z.boolean().optional(),
  supportsResponseStreaming: z.boolean().optional(),
  filePathMap: z.record(z.string(), z.string()).default({}),
});

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-vercel-"));
  const copy = join(folder, "tree");
  await copyTree(copy);
  await mkdir(join(copy, ".vercel"));
  await writeFile(join(copy, ".vercel/project.json"), JSON.stringify(PROJECT));
  const built = await runCommand(
    [process.execPath, join(copy, "node_modules/vercel/dist/index.js"), "build", "--yes"],
    {
      cwd: copy,
      // A home of its own: the command line of the person who runs the tests stays out of it.
      env: { ...buildEnvironment(), HOME: folder, VERCEL_TELEMETRY_DISABLED: "1" },
    },
  );
  if (!built.ok) {
    throw new Error(`vercel build failed:\n${built.output}`);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function readConfig(route: string) {
  const functions = join(folder, "tree/.vercel/output/functions");
  const text = await readFile(join(functions, `${route}.func`, ".vc-config.json"), "utf8");
  return functionConfig.parse(JSON.parse(text));
}

describe.each(STREAMING_ROUTES)("the function of /%s", (route) => {
  it("may run for 300 seconds, streams, and is told when its caller leaves", async () => {
    expect(await readConfig(route)).toMatchObject({
      runtime: "nodejs24.x",
      maxDuration: 300,
      supportsCancellation: true,
      supportsResponseStreaming: true,
    });
  });

  it("carries neither the home half nor the tests", async () => {
    const files = Object.keys((await readConfig(route)).filePathMap);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => /^(gateway|tests|bench)\//u.test(file))).toEqual([]);
  });
});
