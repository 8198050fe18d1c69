import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parts } from "../helpers/parts.ts";

const execute = promisify(execFile);
const printed = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });
const outcomeSchema = z.object({
  byAddress: printed,
  byName: printed,
  pinned: z.number().nullable(),
  unpinned: z.number().nullable(),
});
const doneSchema = z.object({
  checks: z.array(z.object({ name: z.string(), ok: z.boolean().nullable() })),
  changes: z.array(z.string()),
  variables: z.record(z.string(), z.string()),
  next: z.array(z.string()),
});

/** Gives a network of its own, alone or as the root of a user's own namespace: util-linux. */
const UNSHARE = "unshare";
const WAYS: readonly (readonly string[])[] = [["-n"], ["-r", "-n"]];
const way = WAYS.find((options) => spawnSync(UNSHARE, [...options, "true"]).status === 0);
const canRun = way !== undefined && parts.caddy !== undefined;

async function run(): Promise<z.infer<typeof outcomeSchema>> {
  const script = fileURLToPath(new URL("./init-public.ts", import.meta.url));
  const args = [...(way ?? ["-n"]), process.execPath, script];
  const { stdout } = await execute(UNSHARE, args, { env: process.env, timeout: 55_000 });
  return outcomeSchema.parse(JSON.parse(stdout));
}

describe.skipIf(!canRun && process.env["CI"] !== "true")("a door that others reach", () => {
  it("is proved with its own root, or says what it waits for", async () => {
    const { byAddress, byName, pinned, unpinned } = await run();
    expect(byAddress.code).toBe(0);
    const first = doneSchema.parse(JSON.parse(byAddress.stdout));
    expect(first.checks.filter(({ ok }) => ok === false)).toStrictEqual([]);
    expect(first.checks.find(({ name }) => name === "tls")).toMatchObject({ ok: true });
    expect(first.variables["OLLAMA_BASE_URL"]).toBe("https://203.0.113.9:11435");
    expect(first.next.join("\n")).toMatch(/TCP 11435 -> \S+:11435/u);
    // What init says to trust opens the door, and nothing else does.
    expect({ pinned, unpinned }).toStrictEqual({ pinned: 200, unpinned: null });

    expect(byName.code).toBe(0);
    const second = doneSchema.parse(JSON.parse(byName.stdout));
    expect(second.checks).toStrictEqual([]);
    expect(byName.stderr).toContain("not yet: its certificate comes once the router");
    expect(second.changes).toContain('name: null -> "gpu.example.com"');
    expect(second.variables).toMatchObject({ OLLAMA_BASE_URL: "https://gpu.example.com" });
    expect(second.variables).not.toHaveProperty("OLLAMA_API_KEY");
    expect(second.next.join("\n")).toMatch(/TCP 443 -> \S+:11435/u);
  });
});
