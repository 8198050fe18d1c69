import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startDemoEngine } from "../../gateway/demo/server.ts";
import { type Check } from "../../gateway/verify/check.ts";
import { runConfig } from "../../gateway/verify/config-run.ts";
import { ALL_CHECKS } from "../../gateway/verify/run.ts";
import { ROOT } from "../helpers/copy-tree.ts";
import { type Door, type DoorOptions, startDoor } from "../helpers/door.ts";
import { startNginxDoor } from "../helpers/nginx-door.ts";
import { freePort } from "../helpers/free-port.ts";
import { startOllama } from "../helpers/ollama.ts";
import { parts } from "../helpers/parts.ts";
import { lookAt, startFakeDoor, subjectFor } from "./verify-door.ts";

const KEY = `aA${randomBytes(31).toString("hex")}`;

const proofSchema = z.strictObject({
  url: z.string(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      ok: z.boolean().nullable(),
      seen: z.string().min(1),
      fix: z.string(),
    }),
  ),
});

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command with a state folder of its own. */
function verify(home: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const cli = join(ROOT, "gateway/cli.ts");
  const whole = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    LATCHKEY_HOME: home,
    CADDY_BIN: parts.caddy ?? "",
    NODE_ENV: "production" as const,
    ...env,
  };
  return new Promise<Printed>((resolve) => {
    execFile(
      process.execPath,
      [cli, "verify", ...args],
      { env: whole },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      },
    );
  });
}

const failedOf = (checks: readonly Check[]): string[] =>
  checks.flatMap(({ name, ok, seen }) => (ok === false ? [`${name}: ${seen}`] : []));

/** What may say nothing of a door on loopback, before an engine, without an app. */
const MAY_BE_UNTOLD = new Set([
  "tls",
  "clear-text",
  "own-port",
  "silence",
  "bad-keys",
  "app",
  "app-strangers",
]);

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "latchkey-verify-"));
});
afterAll(() => rm(home, { recursive: true }));

describe.skipIf(parts.caddy === undefined)("verify at our own door", () => {
  async function proveOwn(
    engine: { url: string },
    more: Pick<DoorOptions, "part" | "spec"> = {},
  ): Promise<Door> {
    const door = await startDoor({ ollamaUrl: engine.url, key: KEY, ...more });
    await writeFile(join(door.directory, "door-key"), `${KEY}\n`, { mode: 0o600 });
    const startedAt = performance.now();
    const { code, stdout, stderr } = await verify(door.directory, ["--json"], {
      CADDY_BIN: parts[more.part ?? "caddy"] ?? "",
    });
    const took = performance.now() - startedAt;
    expect(stderr).toBe("");
    const { url, checks } = proofSchema.parse(JSON.parse(stdout));
    expect(failedOf(checks)).toEqual([]);
    expect(code).toBe(0);
    expect(url).toBe(door.url);
    const untold = checks.flatMap(({ name, ok }) => (ok === null ? [name] : []));
    expect(untold.filter((name) => !MAY_BE_UNTOLD.has(name))).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(ALL_CHECKS.map(({ name }) => name));
    expect(took).toBeLessThan(15_000);
    expect(await door.logs()).not.toContain(KEY);
    return door;
  }

  it("finds nothing wrong before the demo engine, and says so to a person", async () => {
    await using cleanup = new AsyncDisposableStack();
    const engine = await startDemoEngine();
    cleanup.defer(() => engine.close());
    const door = await proveOwn(engine);
    cleanup.defer(() => door.close());
    const { code, stdout } = await verify(door.directory, []);
    expect(stdout).toMatch(
      /Nothing is wrong: \d+ good, 0 wrong, \d+ not tried or not telling\.\n$/,
    );
    expect(stdout).toContain("✓ The right key gets the models");
    expect(stdout).not.toContain(KEY);
    expect(code).toBe(0);
  });

  it.skipIf(parts.ollama === undefined)("finds nothing wrong before a real Ollama", async () => {
    await using cleanup = new AsyncDisposableStack();
    const engine = await startOllama();
    cleanup.defer(() => engine.close());
    const door = await proveOwn(engine);
    cleanup.defer(() => door.close());
    expect((await verify(door.directory, [])).stdout).toContain("✓ A reply streams");
  });

  it.skipIf(parts.caddyCurrent === undefined)(
    "sees bad keys slowed by a current Caddy",
    async () => {
      await using cleanup = new AsyncDisposableStack();
      const engine = await startDemoEngine();
      cleanup.defer(() => engine.close());
      const spec = { limits: { badKeysPerMinute: 30 } };
      const door = await proveOwn(engine, { part: "caddyCurrent", spec });
      cleanup.defer(() => door.close());
      const env = { CADDY_BIN: parts.caddyCurrent ?? "" };
      // Within the same minute: bad keys are still slowed, which is no failure.
      const { code, stdout } = await verify(door.directory, [], env);
      expect(stdout).toContain("✓ Bad keys are slowed, the right one is not: 429 after 0 bad keys");
      expect(stdout).toContain("✓ The key stays at the door: not handed on");
      expect(code).toBe(0);
    },
  );

  it.skipIf(parts.nginx === undefined)("finds nothing wrong with nginx", async () => {
    await using cleanup = new AsyncDisposableStack();
    const engine = await startDemoEngine();
    cleanup.defer(() => engine.close());
    const door = await startNginxDoor({ ollamaUrl: engine.url, key: KEY.toLowerCase() });
    cleanup.defer(() => door.close());
    const spec = { server: "nginx", listen: { port: door.port }, upstreams: [engine.url] };
    await writeFile(join(door.directory, "latchkey.json"), JSON.stringify(spec));
    await writeFile(join(door.directory, "door-key"), KEY.toLowerCase(), { mode: 0o600 });
    const { code, stdout } = await verify(door.directory, ["--json"], {
      NGINX_BIN: parts.nginx ?? "",
    });
    const { checks } = proofSchema.parse(JSON.parse(stdout));
    expect(failedOf(checks)).toEqual([]);
    expect(code).toBe(0);
    const well = checks.filter(({ ok }) => ok === true).map(({ name }) => name);
    expect(well).toEqual(expect.arrayContaining(["key-kept", "streaming", "stop", "bad-keys"]));
  });

  it("finds what a person has changed in its config, and leaves the door as it was", async () => {
    await using cleanup = new AsyncDisposableStack();
    const engine = await startDemoEngine();
    cleanup.defer(() => engine.close());
    const door = await startDoor({ ollamaUrl: engine.url, key: KEY });
    cleanup.defer(() => door.close());
    await writeFile(join(door.directory, "door-key"), KEY, { mode: 0o600 });
    const path = join(door.directory, "Caddyfile");
    const good = await readFile(path, "utf8");
    await writeFile(
      path,
      good
        .replace(/\t+header_up -\*key\*\n/, "")
        .replace(/\t+header_up Host .*\n/, "")
        .replaceAll(/\t+request(?:>headers)? delete\n/g, ""),
    );
    const { code, stdout } = await verify(door.directory, ["--json"]);
    const { checks } = proofSchema.parse(JSON.parse(stdout));
    const failed = checks.filter(({ ok }) => ok === false).map(({ name }) => name);
    expect(failed).toEqual([
      "as-rendered",
      "host-rewritten",
      "key-kept",
      "log-key-free",
      "error-log-key-free",
    ]);
    expect(code).toBe(1);
    expect((await fetch(`${door.url}/health`)).ok).toBe(true);
  });
});

const NGINX = `server {
    listen 11435;
    location / {
        if ($http_x_api_key != "${KEY}") {
            return 401 "Unauthorized";
        }
        proxy_pass http://127.0.0.1:11434;
        proxy_set_header Host $host;
        proxy_read_timeout 600s;
    }
}
`;

describe("a config before the echo", () => {
  async function lookWith(text: string, name: string): Promise<Check> {
    await using cleanup = new AsyncDisposableStack();
    const file = join(home, "config");
    await writeFile(file, text);
    const env = { ...process.env, CADDY_BIN: parts.caddy, NGINX_BIN: parts.nginx };
    const run = await runConfig(file, { env, silenceMs: 100 });
    if (typeof run !== "string") cleanup.defer(() => run.close());
    const door = await startFakeDoor();
    cleanup.defer(() => door.close());
    const known = { configFile: file, key: KEY };
    return await lookAt(name, await subjectFor(door.url, known, { config: Promise.resolve(run) }));
  }

  it.skipIf(parts.nginx === undefined)("may be nginx's, such as the recipe's", async () => {
    expect(await lookWith(NGINX, "key-kept")).toMatchObject({
      ok: false,
      seen: "handed on in x-api-key",
    });
    expect((await lookWith(NGINX, "host-rewritten")).ok).toBe(false);
    const kept = NGINX.replace(
      "proxy_read_timeout",
      'proxy_set_header X-API-Key "";\nproxy_read_timeout',
    );
    expect(await lookWith(kept, "key-kept")).toMatchObject({ ok: true });
  });

  it.skipIf(parts.caddy === undefined)(
    "may insist on a name, have certificates and many Ollamas",
    async () => {
      const named = `home.example {
      tls internal
      log {
        output file /var/log/nobody/access.log
      }
      @key header X-API-Key ${KEY}
      handle @key {
        reverse_proxy gpu-1.lan:11434 gpu-2.lan:11434 {
          health_uri /api/version
          header_up Host {upstream_hostport}
        }
      }
      respond 401
    }`;
      expect(await lookWith(named, "host-rewritten")).toMatchObject({ ok: true });
      expect((await lookWith(named, "key-kept")).ok).toBe(false);
      expect((await lookWith(named, "log-key-free")).ok).toBe(false);
    },
  );

  it.skipIf(parts.caddy === undefined)(
    "that cannot be run is no failure, and no key is told",
    async () => {
      const check = await lookWith(
        `:1 {\n\tnonsense ${KEY}\n\treverse_proxy localhost:1\n}\n`,
        "key-kept",
      );
      expect(check.ok).toBe(null);
      expect(check.seen).toContain("could not be run here");
      expect(check.seen).not.toContain(KEY);
    },
  );
});

describe.skipIf(process.platform === "win32")("a signal while a config runs", () => {
  const CADDY = `:1 {\n\treverse_proxy localhost:1\n}\n`;

  it.for([
    ["caddy", CADDY, "SIGTERM", 143],
    ["nginx", NGINX, "SIGINT", 130],
    ["caddy", CADDY, "SIGHUP", 129],
  ] as const)("ends %s and its folder", async ([part, text, signal, code], { skip }) => {
    if (parts[part] === undefined) skip();
    const folder = await mkdtemp(join(home, "signal-"));
    const temporary = join(folder, "temporary");
    await mkdir(temporary);
    await writeFile(join(folder, "config"), text);
    const script = `
      const { runConfig } = await import(process.argv[1]);
      const run = await runConfig(process.argv[2], { env: process.env, silenceMs: 100 });
      console.log(typeof run === "string" ? run : run.target.url.href);
      setInterval(() => {}, 1000);`;
    const source = pathToFileURL(join(ROOT, "gateway/verify/config-run.ts")).href;
    const args = ["--input-type=module", "-e", script, source, join(folder, "config")];
    const env = {
      ...process.env,
      TMPDIR: temporary,
      CADDY_BIN: parts.caddy,
      NGINX_BIN: parts.nginx,
    };
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    const url = String((await once(child.stdout, "data"))[0]).trim();
    expect(url).toMatch(/^http:/);
    expect(await readdir(temporary)).toHaveLength(1);
    const ended = once(child, "exit");
    child.kill(signal);
    expect(await ended).toEqual([code, null]);
    expect(await readdir(temporary)).toEqual([]);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
});

describe("verify at what is no door", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  async function listen(onConnection: (socket: Socket) => void): Promise<string> {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      onConnection(socket);
    }).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    const address = server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  async function fails(url: string): Promise<readonly Check[]> {
    const keyFile = join(home, "key");
    await writeFile(keyFile, KEY);
    const startedAt = performance.now();
    const { code, stdout } = await verify(home, [url, "--key-file", keyFile, "--json"]);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(code).toBe(1);
    return proofSchema.parse(JSON.parse(stdout)).checks;
  }

  it("says that nothing answers", async () => {
    const checks = await fails(`http://127.0.0.1:${await freePort()}`);
    expect(checks[0]?.seen).toContain("ECONNREFUSED");
    expect(checks[0]?.fix).toBe("Start the door: npm run up.");
    // Once: there is one thing to do.
    expect(checks.slice(1).filter(({ ok }) => ok !== null)).toEqual([]);
    expect(checks[1]?.seen).toBe("the door does not answer");
  });

  it("is not held up by one that says nothing", async () => {
    const checks = await fails(await listen(() => undefined));
    expect(checks[0]?.seen).toBe("no answer: nothing within 4 s");
  });

  it("is not held up by one that never ends", async () => {
    const flood = Buffer.alloc(65_536, "a");
    const url = await listen((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
      const more = (): void => {
        while (!socket.destroyed && socket.write(flood));
      };
      socket.on("drain", more);
      more();
    });
    const checks = await fails(url);
    expect(checks[0]?.ok).toBe(false);
  });
});

describe("the command", () => {
  it("says what to do where there is no door yet", async () => {
    const { code, stderr } = await verify(home, []);
    expect(code).toBe(1);
    expect(stderr).toContain("There is no door in this folder yet.");
    expect(stderr).toContain("npm run up");
  });

  it.each([
    ["home.example", "URL wants an address"],
    ["", "[URL] is missing."],
    [`https://home.example/#${KEY}`, "URL wants the address alone"],
    ["https://home.example", "--key-env or --key-file"],
    ["https://home.example", "There is no", "--key-file", "nowhere"],
  ])(
    "refuses what it does not understand, and repeats no key (%#)",
    async (url, sentence, ...rest) => {
      const { code, stdout, stderr } = await verify(home, [url, ...rest]);
      expect(code).toBe(rest.length === 0 ? 2 : 1);
      expect(stdout).toBe("");
      expect(stderr).toContain(rest.length === 0 ? sentence : "is not there");
      expect(stderr).not.toContain(KEY);
    },
  );

  it("never sends the right key in clear beyond this computer", async () => {
    // A name counts as elsewhere even if it means this computer.
    const seen: string[] = [];
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (bytes) => {
        seen.push(bytes.toString("latin1"));
        socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      });
    }).listen(0, (await lookup(hostname())).address);
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await writeFile(join(home, "key"), KEY);
    const { stdout } = await verify(home, [
      `http://${hostname()}:${port}`,
      "--key-file",
      join(home, "key"),
      "--json",
    ]);
    server.close();
    const { checks } = proofSchema.parse(JSON.parse(stdout));
    expect(checks.find(({ name }) => name === "tls")).toMatchObject({
      ok: false,
      seen: "plain HTTP",
    });
    expect(checks.find(({ name }) => name === "no-key")).toMatchObject({ ok: true });
    expect(checks.find(({ name }) => name === "right-key")).toMatchObject({ ok: null });
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.join("\n")).not.toContain(KEY);
    expect(seen.join("\n")).not.toContain(KEY.slice(0, 8));
  });
});
