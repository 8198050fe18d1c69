/**
 * The recipe's own Caddyfile before an engine, and what `verify` says of it. It listens on every
 * address, so this runs in a network namespace of its own:
 *
 *     unshare -n node tests/gateway/verify-recipe.ts
 *
 * Prints one JSON document: what verify printed, once for a person and once as JSON.
 */
import { execFile, spawnSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { caddyEnvironment } from "../../gateway/caddy.ts";
import { startDemoEngine } from "../../gateway/demo/server.ts";
import { startChild } from "../helpers/child.ts";
import { ROOT } from "../helpers/copy-tree.ts";
import { startOllama } from "../helpers/ollama.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";
import { lookAt, subjectFor } from "./verify-door.ts";

const RECIPE = join(ROOT, "tests/fixtures/recipe/Caddyfile");
const DOOR = "http://127.0.0.1:11435";
const OLLAMA_PORT = 11434;

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function latchkey(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Printed> {
  const cli = join(ROOT, "gateway/cli.ts");
  const whole = { ...env, PATH: process.env["PATH"] ?? "", NODE_ENV: "production" as const };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { env: whole }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

/** A new namespace has its loopback switched off. */
function switchLoopbackOn(): void {
  const tools = [
    ["ip", "link", "set", "lo", "up"],
    ["ifconfig", "lo", "127.0.0.1", "up"],
  ];
  const isOn = tools.some(([tool = "", ...args]) => spawnSync(tool, args).status === 0);
  if (!isOn) throw new Error("Neither ip nor ifconfig switches the loopback on.");
}

async function main(): Promise<void> {
  switchLoopbackOn();
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "latchkey-recipe-"));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const engine =
    parts.ollama === undefined
      ? await startDemoEngine({ port: OLLAMA_PORT })
      : await startOllama({ port: OLLAMA_PORT });
  cleanup.defer(() => engine.close());
  const caddy = parts.caddy ?? "caddy";
  await copyFile(RECIPE, join(folder, "Caddyfile"));
  const key = /X-API-Key "([^"]+)"/.exec(await readFile(RECIPE, "utf8"))?.[1] ?? "";
  await writeFile(join(folder, "key"), key);
  const door = await startChild([caddy, "run", "--config", "Caddyfile"], {
    cwd: folder,
    env: caddyEnvironment(folder, process.env),
  });
  cleanup.defer(() => door.close());
  await waitUntil("the recipe's door to open", async () => {
    if (door.ended()) throw new Error(`Caddy ended: ${door.log()}`);
    return fetch(`${DOOR}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  const file = (name: string): string => join(folder, name);
  const args = ["verify", DOOR, "--key-file", file("key"), "--log", file("access.log")];
  const all = [...args, "--config", file("Caddyfile")];
  const env = { CADDY_BIN: caddy, LATCHKEY_HOME: file("home"), HOME: folder };
  const json = await latchkey([...all, "--json"], env);
  const text = await latchkey(all, env);
  const open = await startDemoEngine({ host: "0.0.0.0" });
  cleanup.defer(() => open.close());
  const ownPort = await lookAt("own-port", await subjectFor(DOOR, { engineUrl: open.url }));
  console.log(JSON.stringify({ json, text, ownPort }));
}

await main();
