import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Caddy, findCaddy, readModules, validateCaddy } from "../../gateway/caddy.ts";
import { writeDoorFiles } from "../../gateway/door/door-files.ts";
import { caddyProgram } from "../../gateway/door/program.ts";
import { proveDoor } from "../../gateway/prove.ts";
import { renderCaddy, renderCaddyKeys } from "../../gateway/render/caddy.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";
import { CADDIES, startDoor } from "../helpers/door.ts";
import { startEcho } from "../helpers/echo.ts";
import { freePort } from "../helpers/free-port.ts";
import { parts } from "../helpers/parts.ts";

const KEY = randomBytes(32).toString("hex");
const CADDY_BIN = parts.caddy;

const EVERYTHING = {
  upstreams: ["http://127.0.0.1:11434", "http://[::1]:11436", "http://gpu-2.local"],
  lanHosts: ["gpu-2.local"],
  callers: [{ name: "app" }, { name: "phone-2" }],
  paths: ["POST /api/chat", "GET /v1/models/*"],
  cors: { origins: ["https://chat.example.com", "http://[::1]:5173"] },
  limits: { requestsPerMinute: 60, badKeysPerMinute: 10, bodyMegabytes: 1024 },
  logs: { megabytes: 1, keep: 1 },
};
const PUBLIC = { address: "0.0.0.0", port: 12_345 };
const DOORS: Readonly<Record<string, unknown>> = {
  "on loopback": { ...EVERYTHING, listen: { address: "::1", port: 12_345 } },
  "behind a tunnel": { ...EVERYTHING, tunnel: "tailscale" },
  "with a certificate for its name": {
    ...EVERYTHING,
    listen: PUBLIC,
    name: "ollama.example.com",
    tls: "automatic",
  },
  "with one of its own": {
    ...EVERYTHING,
    listen: { address: "::" },
    name: "ollama.example.com",
    publicAddress: "2001:db8::9",
    tls: "internal",
  },
  "in clear, in so many words": { ...EVERYTHING, listen: PUBLIC, insecure: true },
};

describe.each(CADDIES)("the real Caddy (%s)", (part) => {
  it.skipIf(parts[part] === undefined).each(Object.keys(DOORS))(
    "takes a door %s",
    async (which) => {
      const caddy = await findCaddy({ env: { CADDY_BIN: parts[part] } });
      if (caddy === undefined) throw new Error("Caddy is missing");
      const place = await mkdtemp(join(tmpdir(), "latchkey-rendered-"));
      try {
        const modules = await readModules(caddy);
        expect(modules.has("http.handlers.reverse_proxy")).toBe(true);
        expect(modules.has("http.handlers.rate_limit")).toBe(part === "caddyCurrent");
        const spec = parseSpec(DOORS[which]);
        const { caddyfile } = renderCaddy(spec, { caddyVersion: caddy.version, modules });
        await writeFile(join(place, "Caddyfile"), caddyfile);
        const keys = ["app", "phone-2", "app"].map((name) => ({
          name,
          key: randomBytes(32).toString("base64url"),
        }));
        await writeFile(join(place, "keys.caddy"), renderCaddyKeys(keys));
        await expect(validateCaddy(caddy, place, process.env)).resolves.toBeUndefined();
      } finally {
        await rm(place, { recursive: true, force: true });
      }
    },
  );
});

describe.skipIf(CADDY_BIN === undefined)("the rendered files", () => {
  let directory: string;
  let caddy: Caddy;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "latchkey-rendered-"));
    const found = await findCaddy({ env: { CADDY_BIN } });
    if (found === undefined) throw new Error("Caddy is missing");
    caddy = found;
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it.skipIf(process.platform === "win32")("are for their owner only", async () => {
    const place = join(directory, "new");
    const keys = new Map([["app", [KEY]]]);
    await writeDoorFiles(place, { spec: parseSpec({}), keys, program: await caddyProgram(caddy) });
    const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
    expect(await mode(place)).toBe(0o700);
    for (const file of ["latchkey.json", "keys.caddy", "Caddyfile"]) {
      expect(await mode(join(place, file))).toBe(0o600);
    }
  });

  it("are not written at all when a caller has no key", async () => {
    const options = {
      spec: parseSpec({}),
      keys: new Map<string, string[]>(),
      program: await caddyProgram(caddy),
    };
    const place = join(directory, "new");
    await expect(writeDoorFiles(place, options)).rejects.toThrow("The caller app has no key");
    expect(existsSync(place)).toBe(false);
  });

  it("are refused in Caddy's words when spoilt, without the key in them", async () => {
    const keys = new Map([["app", [KEY]]]);
    await writeDoorFiles(directory, {
      spec: parseSpec({}),
      keys,
      program: await caddyProgram(caddy),
    });
    await appendFile(join(directory, "keys.caddy"), `${KEY} app\n`);
    const message = await validateCaddy(caddy, directory, process.env).catch((error: unknown) =>
      String(error),
    );
    expect(message).toContain("duplicate input '...'");
    expect(message).not.toContain(KEY);
  });
});

describe.skipIf(CADDY_BIN === undefined)("proveDoor at a real door", () => {
  it("finds it locked, and open to the key", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const door = await startDoor({ ollamaUrl: echo.url, key: KEY });
    cleanup.defer(() => door.close());
    const { url, checks } = await proveDoor({ url: door.url, key: KEY });
    expect(url).toBe(door.url);
    expect(checks.filter(({ ok }) => ok !== true)).toEqual([]);
    expect(checks.map(({ name }) => name)).toContain("right-key");
  });

  it("finds the lock gone, and the engine", async () => {
    await using cleanup = new AsyncDisposableStack();
    const ollamaUrl = `http://127.0.0.1:${await freePort()}`;
    const mutate = (file: string): string => file.replace("\t\trespond @stranger 401\n", "");
    const door = await startDoor({ ollamaUrl, key: KEY, mutate });
    cleanup.defer(() => door.close());
    const { checks } = await proveDoor({ url: door.url, key: KEY });
    const failed = checks.filter(({ ok }) => ok !== true).map(({ name }) => name);
    expect(failed).toEqual(
      expect.arrayContaining(["no-key", "empty-key", "wrong-key", "right-key"]),
    );
  });
});
