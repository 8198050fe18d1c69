/**
 * `init` for doors that others can reach, which listen on every address: run in a network namespace of
 * its own.
 *
 *     unshare -n node tests/gateway/init-public.ts
 *
 * Prints one JSON document: what `init` printed, and what a client saw that pins the door's root.
 */
import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { startDemoEngine } from "../../gateway/demo/server.ts";
import { ROOT } from "../helpers/copy-tree.ts";
import { parts } from "../helpers/parts.ts";

const PORT = 11_435;

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const variablesSchema = z.object({ variables: z.record(z.string(), z.string()) });

/** The status for the right key; null: the certificate is refused. */
function knock(key: string, authority: string | undefined): Promise<number | null> {
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: PORT,
        path: "/api/tags",
        headers: { "X-API-Key": key },
        agent: false,
        ...(authority === undefined ? {} : { ca: authority }),
      },
      (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode ?? null);
      },
    );
    outgoing.on("error", () => {
      resolve(null);
    });
    outgoing.end();
  });
}

async function main(): Promise<void> {
  const tools = [
    ["ip", "link", "set", "lo", "up"],
    ["ifconfig", "lo", "127.0.0.1", "up"],
  ];
  const isOn = tools.some(([tool = "", ...args]) => spawnSync(tool, args).status === 0);
  if (!isOn) throw new Error("Neither ip nor ifconfig switches the loopback on.");
  await using cleanup = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), "latchkey-public-"));
  cleanup.defer(() => rm(home, { recursive: true, force: true }));
  const engine = await startDemoEngine({ controls: { loadMs: 0 } });
  cleanup.defer(() => engine.close());
  const env = {
    PATH: process.env["PATH"],
    NODE_ENV: "production" as const,
    LATCHKEY_HOME: join(home, "state"),
    OLLAMA_HOST: new URL(engine.url).host,
    CADDY_BIN: parts.caddy,
  };
  const latchkey = (...args: readonly string[]): Promise<Printed> =>
    new Promise((resolve) => {
      const cli = join(ROOT, "gateway/cli.ts");
      execFile(process.execPath, [cli, ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });
  cleanup.defer(async () => void (await latchkey("stop")));

  const byAddress = await latchkey("init", "--no-name", "--address", "203.0.113.9", "--json");
  const { variables } = variablesSchema.parse(JSON.parse(byAddress.stdout));
  const key = variables["OLLAMA_API_KEY"] ?? "";
  const authority = Buffer.from(variables["OLLAMA_CA"] ?? "", "base64").toString("utf8");
  const pinned = await knock(key, authority);
  const unpinned = await knock(key, undefined);
  const byName = await latchkey("init", "--name", "gpu.example.com", "--json");
  console.log(JSON.stringify({ byAddress, pinned, unpinned, byName }));
}

await main();
