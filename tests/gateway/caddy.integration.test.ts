import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Caddy, findCaddy, validateCaddy } from "../../gateway/caddy.ts";
import { writeDoorFiles } from "../../gateway/door-files.ts";
import { proveDoor } from "../../gateway/prove.ts";
import { parseSpec } from "../../gateway/spec.ts";
import { startDoor } from "../helpers/door.ts";
import { startEcho } from "../helpers/echo.ts";
import { freePort } from "../helpers/free-port.ts";
import { parts } from "../helpers/parts.ts";

const KEY = randomBytes(32).toString("hex");
const CADDY_BIN = parts.caddy;

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

  it("are taken by the real Caddy with everything set that can be set", async () => {
    const spec = parseSpec({
      listen: { address: "::1", port: 12_345 },
      upstreams: ["http://127.0.0.1:11434", "http://[::1]:11435", "http://gpu-2.local"],
      callers: [{ name: "app" }, { name: "phone-2" }],
      logs: { megabytes: 1, keep: 1 },
    });
    const keys = new Map([
      ["app", KEY],
      ["phone-2", randomBytes(32).toString("base64url")],
    ]);
    await writeDoorFiles(directory, { spec, keys, caddyVersion: caddy.version });
    await expect(validateCaddy(caddy, directory, process.env)).resolves.toBeUndefined();
  });

  it.skipIf(process.platform === "win32")("are for their owner only", async () => {
    const place = join(directory, "new");
    const keys = new Map([["app", KEY]]);
    await writeDoorFiles(place, { spec: parseSpec({}), keys, caddyVersion: caddy.version });
    const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
    expect(await mode(place)).toBe(0o700);
    for (const file of ["latchkey.json", "keys.caddy", "Caddyfile"]) {
      expect(await mode(join(place, file))).toBe(0o600);
    }
  });

  it("are not written at all when a caller has no key", async () => {
    const options = {
      spec: parseSpec({}),
      keys: new Map<string, string>(),
      caddyVersion: caddy.version,
    };
    const place = join(directory, "new");
    await expect(writeDoorFiles(place, options)).rejects.toThrow("The caller app has no key");
    expect(existsSync(place)).toBe(false);
  });

  it("are refused in Caddy's words when spoilt, without the key in them", async () => {
    const keys = new Map([["app", KEY]]);
    await writeDoorFiles(directory, { spec: parseSpec({}), keys, caddyVersion: caddy.version });
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
