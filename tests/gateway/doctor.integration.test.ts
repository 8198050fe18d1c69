import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { caddyArguments, caddyEnvironment } from "../../gateway/caddy.ts";
import { findListeners } from "../../gateway/doctor/listeners.ts";
import { type Child, startChild } from "../helpers/child.ts";
import { ROOT } from "../helpers/copy-tree.ts";
import { type Door, startDoor } from "../helpers/door.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const KEY = randomBytes(32).toString("hex");

const reportSchema = z.object({
  checks: z.array(
    z.object({ name: z.string(), ok: z.boolean().nullable(), seen: z.string(), fix: z.string() }),
  ),
  fixed: z.array(z.string()),
});

describe.skipIf(parts.caddy === undefined)("doctor", () => {
  let engine: Child;
  let door: Door;
  const closing: Child[] = [];

  /** The demo engine stands for Ollama, with Ollama's environment. */
  async function start(env: Readonly<Record<string, string>>): Promise<void> {
    engine = await startChild([process.execPath, join(ROOT, "gateway/demo/main.ts")], { env });
    const url = await waitUntil("the engine", () => /"url":"([^"]+)"/u.exec(engine.log())?.[1]);
    door = await startDoor({ ollamaUrl: url, key: KEY });
    await writeFile(join(door.directory, "door-key"), `${KEY}\n`, { mode: 0o600 });
  }

  beforeEach(() => {
    closing.splice(0);
  });
  afterEach(async () => {
    for (const child of closing) await child.close();
    await door.close();
    await engine.close();
  });

  interface Outcome {
    readonly code: number;
    readonly output: string;
    readonly report: z.infer<typeof reportSchema>;
  }

  const doctor = (...args: readonly string[]): Promise<Outcome> =>
    new Promise((resolve) => {
      const cli = join(ROOT, "gateway/cli.ts");
      const env = {
        LATCHKEY_HOME: door.directory,
        CADDY_BIN: parts.caddy,
        PATH: process.env["PATH"],
        NODE_ENV: "production" as const,
      };
      execFile(
        process.execPath,
        [cli, "doctor", "--json", ...args],
        { env },
        (error, stdout, stderr) => {
          const report = reportSchema.parse(JSON.parse(stdout));
          const code = typeof error?.code === "number" ? error.code : 0;
          resolve({ code, output: stdout + stderr, report });
        },
      );
    });

  const find = ({ report }: Outcome, name: string) =>
    report.checks.find((check) => check.name === name);

  it("finds nothing wrong with a door that is well", async () => {
    await start({});
    const outcome = await doctor("--app", door.url);
    expect(outcome.report.checks.filter(({ ok }) => ok === false)).toStrictEqual([]);
    expect(outcome.code).toBe(0);
    const proved = ["right-key", "no-key", "ollama-loopback", "ollama-origins", "clock"];
    for (const name of [...proved, "leftover-process", "caddy-version", "private-files"]) {
      expect(find(outcome, name)).toMatchObject({ name, ok: true });
    }
    const names = outcome.report.checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(outcome.output).not.toContain(KEY);
  });

  it.runIf(process.platform === "linux")("sees an old process on the port", async () => {
    await start({});
    const { caddy, directory } = door;
    const second = await startChild([caddy.path, ...caddyArguments(directory)], {
      cwd: directory,
      env: caddyEnvironment(directory, process.env),
    });
    closing.push(second);
    await waitUntil("the second Caddy", async () => {
      const found = await findListeners(door.port);
      return "value" in found && found.value.length === 2;
    });
    const outcome = await doctor();
    expect(find(outcome, "leftover-process")).toMatchObject({ ok: false });
    expect(outcome.code).toBe(1);
  });

  it.runIf(process.platform === "linux")("sees the door's key in Ollama's hands", async () => {
    await start({ OLLAMA_API_KEY: KEY });
    const outcome = await doctor();
    expect(find(outcome, "ollama-api-key")).toMatchObject({ ok: false });
    expect(outcome.output).not.toContain(KEY);
  });

  it.skipIf(process.platform === "win32")("closes a key that others can read", async () => {
    await start({});
    const path = join(door.directory, "door-key");
    await chmod(path, 0o644);
    const outcome = await doctor("--fix");
    expect(outcome.report.fixed).toStrictEqual(["private-files"]);
    expect(find(outcome, "private-files")).toMatchObject({ ok: true });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.platform === "win32")("changes nothing unasked", async () => {
    await start({});
    const path = join(door.directory, "keys.caddy");
    await chmod(path, 0o644);
    const outcome = await doctor();
    expect(find(outcome, "private-files")).toMatchObject({ ok: false });
    expect(outcome.report.fixed).toStrictEqual([]);
    expect((await stat(path)).mode & 0o777).toBe(0o644);
  });
});
