import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { COMMANDS } from "../../gateway/cli.ts";
import { licenceComment, packagesOf } from "../../tools/licences.ts";
import { buildHome } from "../../tools/build-home.ts";
import { startChild } from "../helpers/child.ts";
import { ROOT } from "../helpers/copy-tree.ts";
import { findMachineNode } from "../helpers/machine-node.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const node = findMachineNode();
const tagsSchema = z.object({ models: z.array(z.object({ name: z.string() })) });
const isTold = process.env["CI"] === "true";

describe("the one file", () => {
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "latchkey-one-file-"));
    ({ path: file } = await buildHome(folder));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  interface Outcome {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
  }

  const latchkey = (...args: readonly string[]): Promise<Outcome> =>
    new Promise((resolve) => {
      const options = { cwd: folder, env: { PATH: "", NODE_ENV: "production" as const } };
      execFile(node?.path ?? "", [file, ...args], options, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });

  it("imports nothing but Node's own modules", async () => {
    const text = await readFile(file, "utf8");
    const imported = [...text.matchAll(/^import [^;]*? from "([^"]+)";$/gmu)].map(
      ([, name]) => name,
    );
    expect(imported.length).toBeGreaterThan(5);
    expect(imported.filter((name) => name?.startsWith("node:") !== true)).toStrictEqual([]);
  });

  it("holds the licences of what it holds", async () => {
    const text = await readFile(file, "utf8");
    expect(text).toMatch(/--- Latchkey ---\n\nMIT License/u);
    expect(text).toMatch(/--- zod ---\n\nMIT License\n\nCopyright \(c\) \d+ Colin McDonnell/u);
    expect(text.endsWith("*/\n")).toBe(true);
  });

  it("says how it is typed itself", async () => {
    expect(await readFile(file, "utf8")).not.toContain("npm run latchkey");
  });

  describe.skipIf(node === undefined && !isTold)("on the machine's own Node", () => {
    it("is there to be tried on Node 20 or newer", () => {
      expect(node?.major).toBeGreaterThanOrEqual(20);
    });

    it("tells its commands, and how they are typed", async () => {
      const { code, stdout } = await latchkey("--help");
      expect(code).toBe(0);
      const names = COMMANDS.map(({ name }) => name).filter((name) => name !== "up");
      for (const name of names) expect(stdout).toContain(`  ${name}`);
      expect(stdout).toContain("node latchkey.mjs COMMAND --help");
      expect(stdout).not.toMatch(/npm|^ {2}up/mu);
    });

    it.each(COMMANDS.map(({ name }) => name).filter((name) => name !== "up"))(
      "tells the options of %s",
      async (name) => {
        const { code, stdout, stderr } = await latchkey(...name.split(" "), "--help");
        expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" });
        expect(stdout).toContain(`node latchkey.mjs ${name}`);
      },
    );

    it.each([["up"], ["up", "--help"], ["up", "--demo"]])(
      "says in one sentence that %s needs the clone",
      async (...args) => {
        const { code, stdout, stderr } = await latchkey(...args);
        expect({ code, stdout }).toStrictEqual({ code: 1, stdout: "" });
        expect(stderr).toMatch(/^"up" [^\n]* needs the clone[^\n]*\n$/u);
      },
    );

    it("makes an access key beside itself", async () => {
      const { code, stdout } = await latchkey("access", "add", "ann", "--json");
      expect(code).toBe(0);
      expect(stdout).toMatch(/"key":"[0-9a-f]{64}"/u);
      expect((await readdir(join(folder, ".latchkey"))).toSorted()).toContain("access-keys");
    });

    it("finds the demo engine in itself", async () => {
      const engine = await startChild(
        [node?.path ?? "", file, "--part=demo-engine", "--load-ms", "0", "--tokens", "2"],
        { env: {}, cwd: folder },
      );
      try {
        const url = await waitUntil(
          "its address",
          () => /"url":"([^"]+)"/u.exec(engine.log())?.[1],
        );
        const { models } = tagsSchema.parse(await (await fetch(`${url}/api/tags`)).json());
        const messages = [{ role: "user", content: "hi" }];
        const body = JSON.stringify({ model: models[0]?.name, messages, stream: false });
        // What it holds while it answers is released by what Node 20 has not by itself.
        const answer = await fetch(`${url}/api/chat`, { method: "POST", body });
        expect(answer.status).toBe(200);
        expect(await answer.text()).toContain('"done":true');
      } finally {
        await engine.close();
      }
    });
  });
});

describe("what Node 20 lacks", () => {
  it("is not used at home but for what the one file brings along", () => {
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const run = (): string => {
      try {
        return execFileSync(
          process.execPath,
          [tsc, "--noEmit", "-p", "tools/tsconfig.node20.json"],
          {
            cwd: ROOT,
            encoding: "utf8",
          },
        );
      } catch (error) {
        return error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
      }
    };
    const unknown = run()
      .split("\n")
      .filter(
        (line) => /target library/u.test(line) && !/withResolvers|DisposableStack/u.test(line),
      );
    expect(unknown).toStrictEqual([]);
  });
});

describe("licences", () => {
  it("knows the packages by the files that were taken", () => {
    expect(
      packagesOf(["gateway/cli.ts", "node_modules/zod/v4/core.js", "node_modules/@a/b/c.js"]),
    ).toStrictEqual(["@a/b", "zod"]);
  });

  it("refuses a package without one", () => {
    expect(() => licenceComment(ROOT, [".bin"])).toThrow("holds no licence text");
  });
});
