import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parts } from "../helpers/parts.ts";

const printed = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });
const seen = z.object({ ok: z.boolean().nullable(), seen: z.string() });
const outcome = z.object({ json: printed, text: printed, ownPort: seen });
const proof = z.object({
  checks: z.array(z.object({ name: z.string(), ok: z.boolean().nullable(), fix: z.string() })),
});

/** Gives a network of its own: util-linux. */
const UNSHARE = "unshare";

/** Alone, or as the root of a user's own namespace. */
const WAYS: readonly (readonly string[])[] = [["-n"], ["-r", "-n"]];
const way = WAYS.find((options) => spawnSync(UNSHARE, [...options, "true"]).status === 0);
const isRequired = process.env["CI"] === "true";

const RIGHT_KEY = "your-secret-key-here-make-it-long-and-random";

/** What the recipe gets wrong, by the names of the checks. */
const WRONG = [
  "doubled-key-right-first",
  "doubled-key-right-last",
  "key-strength",
  "forbidden-path",
  "path-spelling",
  "tls",
  "clear-text",
  "host-rewritten",
  "key-kept",
  "cookies-kept",
  "origin-kept",
  "oversized-announced",
  "oversized-chunked",
  "bad-keys",
  "log-key-free",
  "error-log-key-free",
];

function runRecipe(): Promise<z.infer<typeof outcome>> {
  const script = fileURLToPath(new URL("./verify-recipe.ts", import.meta.url));
  return new Promise((resolve, reject) => {
    const args = [...(way ?? ["-n"]), process.execPath, script];
    execFile(UNSHARE, args, { env: process.env, timeout: 55_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(outcome.parse(JSON.parse(stdout)));
      else reject(new Error(`The recipe did not run: ${stderr}`, { cause: error }));
    });
  });
}

const canRun = way !== undefined && parts.caddy !== undefined;

describe.skipIf(!canRun && !isRequired)("the literal Caddyfile of the recipe", () => {
  it("is found wrong in all it gets wrong, and right in the rest", async () => {
    const { json, text, ownPort } = await runRecipe();
    console.log(text.stdout);
    expect({ code: json.code, stderr: json.stderr }).toEqual({ code: 1, stderr: "" });
    const { checks } = proof.parse(JSON.parse(json.stdout));
    const failed = checks.filter(({ ok }) => ok === false);
    expect(failed.map(({ name }) => name)).toEqual(WRONG);
    expect(failed.filter(({ fix }) => fix === "")).toEqual([]);
    // Right in the recipe, and still so the second time: no check leaves Ollama's runner stuck.
    for (const title of ["A reply streams as it is written", "Stop frees the model"])
      expect(text.stdout).toContain(`✓ ${title}: `);
    expect(text.stdout).toContain("✗ No key is in the log: access.log: the right key");
    // An Ollama that listens on every address, in the same namespace.
    expect(ownPort).toMatchObject({
      ok: false,
      seen: expect.stringContaining("listens on 0.0.0.0"),
    });
    expect(`${json.stdout}${text.stdout}`).not.toContain(RIGHT_KEY);
  });
});
