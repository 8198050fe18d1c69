import { join } from "node:path";
import { buildApp } from "../helpers/build.ts";
import { provision } from "../provision/provision.ts";
import { readCounts } from "./reports.ts";
import { oneCheck, type RunContext, type Stage } from "./stage.ts";
import { runTool } from "./tool.ts";

function toolStage(name: string, command: readonly [string, ...string[]]): Stage {
  return {
    name,
    needs: [],
    run: async (context) => {
      const { ok, output } = await runTool(context, command);
      return { counts: oneCheck(ok), output };
    },
  };
}

function vitestStage(name: string, project: string, needs: readonly string[]): Stage {
  return {
    name,
    needs,
    run: async (context) => {
      const file = join(context.state, `${name}.json`);
      const { ok, output } = await runTool(context, [
        "vitest",
        "run",
        `--project=${project}`,
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${file}`,
      ]);
      return { counts: await readCounts("vitest", file, ok), output };
    },
  };
}

const provisionStage: Stage = {
  name: "provision",
  needs: [],
  run: async (context) => {
    const { missing } = await provision((line) => {
      context.say(line);
    });
    const complete = missing.length === 0 || process.env["CI"] !== "true";
    const notes = missing.map((part) => `${part.name} is missing: ${part.reason}`);
    return { counts: oneCheck(complete), output: "", notes };
  },
};

const buildStage: Stage = {
  name: "build",
  needs: [],
  run: async (context) => {
    try {
      await buildApp(context.build);
      return { counts: oneCheck(true), output: "" };
    } catch (error) {
      const output = error instanceof Error ? error.message : String(error);
      return { counts: oneCheck(false), output };
    }
  },
};

async function runPlaywright(context: RunContext) {
  const file = join(context.state, "e2e.json");
  const { ok, output } = await runTool(context, ["playwright", "test", "--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  return { counts: await readCounts("playwright", file, ok), output };
}

/** The stages in their order; those of one row are harmless to each other and run together. */
export const STAGES: readonly (readonly Stage[])[] = [
  [provisionStage],
  [
    toolStage("format", ["oxfmt", "--check"]),
    toolStage("lint", ["oxlint", "--type-aware", "--deny-warnings"]),
    toolStage("types", ["tsc", "--noEmit"]),
    toolStage("unused", ["knip"]),
  ],
  [vitestStage("unit", "unit", [])],
  [buildStage],
  [vitestStage("integration", "integration", ["provision", "build"])],
  [vitestStage("vercel", "deploy", [])],
  [{ name: "e2e", needs: ["provision", "build"], run: runPlaywright }],
];
