import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type DemoEngine, startDemoEngine } from "../../gateway/demo/server.ts";
import { buildHome } from "../../tools/build-home.ts";
import { startChild } from "../helpers/child.ts";
import { freePort } from "../helpers/free-port.ts";
import { findMachineNode } from "../helpers/machine-node.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const node = findMachineNode()?.path ?? process.execPath;

const doneSchema = z.object({
  url: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean().nullable(), seen: z.string() })),
  changes: z.array(z.string()),
  variables: z.record(z.string(), z.string()),
  next: z.array(z.string()),
});

/** Answers whoever asks it, but not a door, which waits besides: what passes through one is told by a header. */
async function startHalfEngine(wait = () => Promise.resolve()): Promise<Server> {
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isDoor = request.headers["x-real-ip"] !== undefined;
    if (isDoor) await wait();
    response.statusCode = isDoor ? 500 : 200;
    response.setHeader("Content-Type", "application/json");
    const body = request.url === "/api/version" ? { version: "0.0.0" } : { models: [] };
    response.end(isDoor ? "{}" : JSON.stringify(body));
  };
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

function hostOf(server: Server): string {
  const address = server.address();
  return typeof address === "object" && address !== null ? `127.0.0.1:${address.port}` : "";
}

describe.skipIf(parts.caddy === undefined)("init, by the one file alone", () => {
  let built: string;
  let folder: string;
  let engine: DemoEngine;
  let port: number;

  beforeAll(async () => {
    built = await mkdtemp(join(tmpdir(), "latchkey-built-"));
    await buildHome(built);
    engine = await startDemoEngine({ controls: { loadMs: 0 } });
  });
  afterAll(async () => {
    await engine.close();
    await rm(built, { recursive: true, force: true });
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "latchkey-init-"));
    await writeFile(join(folder, "latchkey.mjs"), await readFile(join(built, "latchkey.mjs")));
    port = await freePort();
  });
  afterEach(async () => {
    await latchkey(["stop"]);
    await rm(folder, { recursive: true, force: true });
  });

  interface Outcome {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
  }

  const latchkey = (
    args: readonly string[],
    { host = new URL(engine.url).host, input = "" } = {},
  ): Promise<Outcome> =>
    new Promise((resolve) => {
      const env = {
        PATH: "",
        NODE_ENV: "production" as const,
        OLLAMA_HOST: host,
        CADDY_BIN: parts.caddy,
        NGINX_BIN: parts.nginx,
      };
      const options = { cwd: folder, env };
      const file = join(folder, "latchkey.mjs");
      const child = execFile(node, [file, ...args], options, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
      child.stdin?.end(input);
    });

  const init = (...args: readonly string[]) =>
    latchkey(["init", "--yes", "--json", "--port", String(port), ...args]);

  async function done(outcome: Promise<Outcome>) {
    const { code, stdout, stderr } = await outcome;
    expect({ code, said: code === 0 ? "" : stderr }).toStrictEqual({ code: 0, said: "" });
    return doneSchema.parse(JSON.parse(stdout));
  }

  const state = (...names: readonly string[]): string => join(folder, ".latchkey", ...names);

  const statusAt = async (url: string, key?: string): Promise<number | undefined> => {
    try {
      const headers = key === undefined ? {} : { "X-API-Key": key };
      return (await fetch(`${url}/api/tags`, { headers })).status;
    } catch {
      return undefined;
    }
  };

  it("makes a proved door from nothing, and keeps its keys the second time", async () => {
    const first = await done(init());
    expect(first.checks.filter(({ ok }) => ok === false)).toStrictEqual([]);
    expect(first.checks.filter(({ ok }) => ok === true).length).toBeGreaterThan(20);
    const key = first.variables["OLLAMA_API_KEY"] ?? "";
    expect(key).toMatch(/^[0-9a-f]{64}$/u);
    expect(first.variables["SESSION_SECRET"]).toMatch(/^[0-9a-f]{64}$/u);
    expect(first.variables["ACCESS_KEYS"]).toMatch(/^owner:owner:[0-9a-f]{64}$/u);
    expect(await statusAt(first.url, key)).toBe(200);
    expect(await statusAt(first.url)).toBe(401);

    const again = await done(latchkey(["init", "--json"]));
    expect(again.changes).toStrictEqual([]);
    expect(again.url).toBe(first.url);
    expect(Object.keys(again.variables)).toStrictEqual(["ACCESS_KEYS"]);
    expect(await statusAt(first.url, key)).toBe(200);

    const other = await freePort();
    const moved = await done(latchkey(["init", "--json", "--port", String(other)]));
    expect(moved.changes).toStrictEqual([`listen.port: ${port} -> ${other}`]);
    expect(await statusAt(moved.url, key)).toBe(200);
    expect(await statusAt(first.url, key)).toBeUndefined();

    expect((await latchkey(["stop"])).stdout).toBe("Everything is ended.\n");
    expect(await statusAt(moved.url)).toBeUndefined();
  });

  it("renews the key of the running door, and leaves no door behind that nobody watches", async () => {
    const { url, variables } = await done(init());
    const rotated = await latchkey(["keys", "rotate", "app", "--json"]);
    expect(rotated.code).toBe(0);
    const key = /"key":"([0-9a-f]{64})"/u.exec(rotated.stdout)?.[1];
    expect(key).not.toBe(variables["OLLAMA_API_KEY"]);
    expect(await statusAt(url, key)).toBe(200);
    const { pid } = z
      .object({ pid: z.int() })
      .parse(JSON.parse(await readFile(state("processes.json"), "utf8")));
    process.kill(pid, "SIGKILL");
    // The watcher's own watcher, which has to be found in the file too.
    await waitUntil("the door to end", async () => (await statusAt(url)) === undefined);
    await waitUntil("its note to go", () => !existsSync(state("processes.json")));
  });

  it("breaks no stream where only the rules change, and takes them", async () => {
    const first = await done(init());
    const key = first.variables["OLLAMA_API_KEY"] ?? "";
    // The proof that follows finds the model busy, and does not take that for a fault of the door.
    engine.controls.tokens = 400;
    const stream = await fetch(`${first.url}/api/generate`, {
      method: "POST",
      headers: { "X-API-Key": key },
      body: JSON.stringify({ model: "latchkey-demo", prompt: "Go on" }),
    });
    engine.controls.tokens = undefined;
    const whole = stream.text();
    const origin = "https://a.example";
    const changed = await done(latchkey(["init", "--json", "--origin", origin]));
    expect(changed.changes).toStrictEqual([`cors.origins: [] -> ["${origin}"]`]);
    const preflight = await fetch(`${first.url}/api/tags`, {
      method: "OPTIONS",
      headers: { Origin: origin, "Access-Control-Request-Method": "GET" },
    });
    expect(preflight.headers.get("Access-Control-Allow-Origin")).toBe(origin);
    expect(await whole).toContain('"done":true');
  });

  it("runs as a service of the system does it, until it is asked to end", async () => {
    const { url, variables } = await done(init());
    await latchkey(["stop"]);
    const env = { CADDY_BIN: parts.caddy ?? "" };
    const file = join(folder, "latchkey.mjs");
    const service = await startChild([node, file, "--part=door"], { env });
    const key = variables["OLLAMA_API_KEY"];
    await waitUntil("the door to open", async () => (await statusAt(url, key)) === 200);
    await service.close();
    expect(await statusAt(url)).toBeUndefined();
    expect(existsSync(state("processes.json"))).toBe(false);
  });

  it("asks for what was not given, and says what to do next", async () => {
    const { code, stdout } = await latchkey(["init", "--port", String(port)], { input: "2\n\n" });
    expect(code).toBe(0);
    expect(stdout).toContain("How does your app at Vercel get to this computer?");
    expect(stdout).toContain(`cloudflared tunnel --url http://127.0.0.1:${port}`);
    expect(stdout).toContain("OLLAMA_BASE_URL=(the https:// address that the tunnel prints)");
    expect(stdout).toContain("npx vercel@60.1.3 env add OLLAMA_API_KEY production --force");
    expect(stdout).toContain("node latchkey.mjs stop ends it");
    const described: unknown = JSON.parse(await readFile(state("latchkey.json"), "utf8"));
    expect(described).toMatchObject({ tunnel: "cloudflared", listen: { address: "127.0.0.1" } });
  });

  it.skipIf(parts.nginx === undefined)("makes one of nginx", async () => {
    const made = await done(init("--server", "nginx"));
    expect(made.checks.filter(({ ok }) => ok === false)).toStrictEqual([]);
    expect(await statusAt(made.url, made.variables["OLLAMA_API_KEY"])).toBe(200);
  });

  it("leaves nothing behind where the door cannot be proved", async () => {
    const half = await startHalfEngine();
    try {
      const args = ["init", "--yes", "--port", String(port)];
      const { code, stderr } = await latchkey(args, { host: hostOf(half) });
      expect(code).toBe(1);
      expect(stderr).toContain("The door is not as it should be:");
      expect(await readdir(folder)).toStrictEqual(["latchkey.mjs"]);
      expect(await statusAt(`http://127.0.0.1:${port}`)).toBeUndefined();
    } finally {
      half.close();
    }
  });

  it("leaves nothing behind when it is ended while it proves the door", async () => {
    const child = spawn(
      node,
      [join(folder, "latchkey.mjs"), "init", "--yes", "--port", String(port)],
      {
        cwd: folder,
        env: {
          PATH: "",
          NODE_ENV: "production",
          OLLAMA_HOST: new URL(engine.url).host,
          CADDY_BIN: parts.caddy,
        },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let said = "";
    for await (const piece of child.stdout.setEncoding("utf8")) {
      const isNews = !said.includes("Door:");
      said += String(piece);
      // The next step is the proof, which goes on for seconds.
      if (isNews && said.includes("Door:")) child.kill("SIGINT");
    }
    expect(said).toContain("Stopped; everything is as it was.");
    expect(said).not.toContain("OLLAMA_API_KEY");
    expect(await readdir(folder)).toStrictEqual(["latchkey.mjs"]);
    expect(await statusAt(`http://127.0.0.1:${port}/health`)).toBeUndefined();
  });

  it("lets the old door go on where a change of it cannot be proved", async () => {
    const first = await done(init());
    const files = ["latchkey.json", "door-key", "Caddyfile", "keys.caddy"];
    const read = () => Promise.all(files.map((name) => readFile(state(name), "utf8")));
    const before = await read();
    const half = await startHalfEngine();
    try {
      const { code } = await latchkey(["init", "--yes"], { host: hostOf(half) });
      expect(code).toBe(1);
    } finally {
      half.close();
    }
    expect(await read()).toStrictEqual(before);
    expect(await statusAt(first.url, first.variables["OLLAMA_API_KEY"])).toBe(200);
  });

  it("brings back no key that is taken away while it proves the door", async () => {
    const first = await done(init());
    const added = await latchkey(["keys", "add", "phone", "--json"]);
    const { key } = z.object({ key: z.string() }).parse(JSON.parse(added.stdout));
    const proving = Promise.withResolvers<undefined>();
    const revoked = Promise.withResolvers<undefined>();
    const half = await startHalfEngine(async () => {
      proving.resolve(undefined);
      await revoked.promise;
    });
    try {
      const args = ["init", "--yes", "--origin", "https://a.example"];
      const failing = latchkey(args, { host: hostOf(half) });
      await proving.promise;
      expect((await latchkey(["keys", "revoke", "phone"])).code).toBe(0);
      revoked.resolve(undefined);
      expect((await failing).code).toBe(1);
    } finally {
      half.close();
    }
    expect(await statusAt(first.url, key)).toBe(401);
    expect(await readFile(state("door-keys.json"), "utf8")).not.toContain(key);
    expect(await statusAt(first.url, first.variables["OLLAMA_API_KEY"])).toBe(200);
  });

  it("changes nothing where no Ollama answers", async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const { code, stderr } = await latchkey(["init", "--yes"], { host: nobody });
    expect(code).toBe(1);
    expect(stderr).toContain(`No Ollama answers at ${nobody}.`);
    expect(existsSync(state())).toBe(false);
  });

  it("changes nothing where nobody answers its questions", async () => {
    const { code, stderr } = await latchkey(["init"]);
    expect(code).toBe(1);
    expect(stderr).toContain("with --yes to be asked nothing");
    expect(existsSync(state())).toBe(false);
  });

  it("changes nothing on a dry run", async () => {
    const { code, stdout } = await init("--dry-run", "--name", "gpu.example.com");
    expect(code).toBe(0);
    const shown = z.object({ spec: z.unknown() }).parse(JSON.parse(stdout));
    expect(shown.spec).toMatchObject({ name: "gpu.example.com", tls: "automatic" });
    expect(existsSync(state())).toBe(false);
  });

  it("names who holds the port that was asked for", async () => {
    const half = await startHalfEngine();
    try {
      const taken = hostOf(half).split(":")[1] ?? "";
      const { code, stderr } = await latchkey(["init", "--yes", "--port", taken]);
      expect(code).toBe(1);
      expect(stderr).toContain(`Port ${taken} is taken by`);
      expect(existsSync(state())).toBe(false);
    } finally {
      half.close();
    }
  });
});
