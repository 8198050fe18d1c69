import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { diagnose, LOOKS } from "../../gateway/doctor/diagnose.ts";
import {
  decodeAddress,
  findListeners,
  readLsof,
  readNetstat,
  socketsIn,
} from "../../gateway/doctor/listeners.ts";
import type { Listener, Machine } from "../../gateway/doctor/machine.ts";
import { createMachine, readEnvironment } from "../../gateway/doctor/this-machine.ts";
import { sha256Hex } from "../../gateway/keys.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";

const DOOR_KEY = "5f0c9d3ab7e14a8896b2d071c34fe2a85f0c9d3ab7e14a8896b2d071c34fe2a8";

const held = (address: string, name: string, pid: number): Listener => ({
  address,
  owner: { name, pid, group: pid },
});

/** Where everything is well. */
const well: Machine = {
  platform: "linux",
  env: {},
  spec: parseSpec({}),
  keyHashes: new Set([sha256Hex(DOOR_KEY)]),
  listeners: async (port) => ({
    value: port === 11_435 ? [held("127.0.0.1", "caddy", 7)] : [held("127.0.0.1", "ollama", 5)],
  }),
  ollamaEnvironment: async () => ({ value: {} }),
  models: async () => ({ value: [{ name: "qwen3:0.6b", remoteHost: undefined }] }),
  strangersStatus: async () => ({ value: 403 }),
  caddyVersion: async () => ({ value: "v2.11.9 h1:abc" }),
  secondsAhead: async () => ({ value: 0.4 }),
  guarded: async () => ({ value: [{ path: "/x/.latchkey", mode: 0o700, wanted: 0o700 }] }),
  setMode: async () => undefined,
};

async function look(name: string, changes: Partial<Machine>) {
  const { checks } = await diagnose({ ...well, ...changes }, { isFixing: false });
  const found = checks.find((check) => check.name === name);
  if (found === undefined) throw new Error(`There is no look ${name}`);
  return found;
}

const models =
  (name: string, remoteHost?: string): Machine["models"] =>
  async () => ({ value: [{ name, remoteHost }] });

describe("an Ollama", () => {
  it("that does not answer is told, with what to do", async () => {
    const found = await look("ollama-answers", { models: async () => ({ unknown: "no answer" }) });
    expect(found).toMatchObject({ ok: false, seen: "no answer" });
    expect(found.fix).toContain("Start Ollama");
  });

  it("without a model is told as such", async () => {
    const found = await look("ollama-answers", { models: async () => ({ value: [] }) });
    expect(found).toMatchObject({ ok: false, fix: "Run: ollama pull qwen3:0.6b" });
  });
});

describe("a machine where everything is well", () => {
  it("passes", async () => {
    const { checks } = await diagnose(well, { isFixing: false });
    expect(checks.map(({ name, ok }) => `${name}: ${String(ok)}`)).toStrictEqual([
      "ollama-answers: true",
      "ollama-loopback: true",
      "ollama-origins: true",
      "cloud-models: true",
      "ollama-api-key: true",
      "leftover-process: true",
      "caddy-version: true",
      "private-files: true",
      "clock: true",
    ]);
    expect(checks.map(({ fix }) => fix).join("")).toBe("");
  });
});

type Row = readonly [name: string, changes: Partial<Machine>, seen: string, fix: string];

describe("what is wrong is seen, with its fix", () => {
  const open = { listeners: async () => ({ value: [held("0.0.0.0", "ollama", 5)] }) };
  const rows: readonly Row[] = [
    ["ollama-loopback", open, "listens on 0.0.0.0", "systemctl edit ollama"],
    ["ollama-loopback", { ...open, platform: "darwin" }, "0.0.0.0", "launchctl setenv OLLAMA_HOST"],
    ["ollama-loopback", { ...open, platform: "win32" }, "0.0.0.0", "environment variables"],
    [
      "ollama-loopback",
      { listeners: async () => ({ value: [held("::", "ollama", 5)] }) },
      "listens on ::",
      "127.0.0.1:11434",
    ],
    [
      "ollama-loopback",
      { listeners: async () => ({ value: [] }), env: { OLLAMA_HOST: "0.0.0.0" } },
      "OLLAMA_HOST is 0.0.0.0",
      "OLLAMA_HOST",
    ],
    [
      "ollama-loopback",
      {
        listeners: async () => ({ unknown: "lsof is not there" }),
        ollamaEnvironment: async () => ({ value: { OLLAMA_HOST: "192.168.1.9:11434" } }),
      },
      "OLLAMA_HOST is 192.168.1.9",
      "OLLAMA_HOST",
    ],
    ["ollama-origins", { strangersStatus: async () => ({ value: 200 }) }, "200", "OLLAMA_ORIGINS"],
    ["cloud-models", { models: models("gpt-oss:120b-cloud") }, "gpt-oss", "OLLAMA_NO_CLOUD=1"],
    ["cloud-models", { models: models("x", "https://ollama.com") }, "x runs", "OLLAMA_NO_CLOUD=1"],
    [
      "cloud-models",
      {
        models: models("a:cloud"),
        ollamaEnvironment: async () => ({ value: { OLLAMA_NO_CLOUD: "0" } }),
      },
      "a:cloud runs elsewhere",
      "OLLAMA_NO_CLOUD",
    ],
    ["ollama-api-key", { env: { OLLAMA_API_KEY: DOOR_KEY } }, "this terminal", "unset"],
    [
      "ollama-api-key",
      { ollamaEnvironment: async () => ({ value: { OLLAMA_API_KEY: DOOR_KEY } }) },
      "Ollama runs with the door's key",
      "take OLLAMA_API_KEY out",
    ],
    [
      "leftover-process",
      {
        listeners: async () => ({
          value: [held("0.0.0.0", "caddy", 7), held("127.0.0.1", "caddy", 8)],
        }),
      },
      "caddy (process 7) and by caddy (process 8)",
      "End the one",
    ],
    [
      "leftover-process",
      {
        listeners: async () => ({
          value: [held("::", "caddy", 7), { address: "127.0.0.1", owner: undefined }],
        }),
      },
      "a program of another user",
      "which user",
    ],
    [
      "caddy-version",
      { caddyVersion: async () => ({ value: "v2.6.1" }) },
      "needs 2.6.2",
      "Install",
    ],
    ["caddy-version", { caddyVersion: async () => ({ value: undefined }) }, "no Caddy", "Install"],
    ["caddy-version", { caddyVersion: async () => ({ unknown: "CADDY_BIN no" }) }, "CADDY_BIN", ""],
    ["clock", { secondsAhead: async () => ({ value: 95 }) }, "95 s ahead of", "timedatectl"],
    ["clock", { secondsAhead: async () => ({ value: -31 }) }, "31 s behind", "timedatectl"],
    [
      "private-files",
      { guarded: async () => ({ value: [{ path: "/x/door-key", mode: 0o644, wanted: 0o600 }] }) },
      "door-key (0644)",
      "chmod 0600 /x/door-key",
    ],
  ];
  it.each(rows)("%s %#", async (name, changes, seen, fix) => {
    const found = await look(name, changes);
    expect(found.ok).toBe(false);
    expect(found.seen).toContain(seen);
    expect(found.fix).toContain(fix);
    expect(found.fix).not.toBe("");
    expect(JSON.stringify(found)).not.toContain(DOOR_KEY);
  });
});

describe("what is well all the same", () => {
  it.each<Row>([
    [
      "cloud-models",
      {
        models: models("a:cloud"),
        ollamaEnvironment: async () => ({ value: { OLLAMA_NO_CLOUD: "1" } }),
      },
      "off",
      "",
    ],
    [
      "ollama-api-key",
      { ollamaEnvironment: async () => ({ value: { OLLAMA_API_KEY: "another" } }) },
      "not the door's",
      "",
    ],
    [
      "caddy-version",
      { caddyVersion: async () => ({ value: "2.6.2" }) },
      "Caddy 2.6.2: it keeps a copy",
      "",
    ],
    [
      "leftover-process",
      {
        listeners: async () => ({
          value: [held("127.0.0.1", "nginx", 7), held("::1", "nginx", 7)],
        }),
      },
      "nginx (process 7) alone",
      "",
    ],
    [
      "leftover-process",
      {
        listeners: async () => ({
          value: [held("127.0.0.1", "caddy", 7), held("192.168.1.9", "x", 8)],
        }),
      },
      "alone",
      "",
    ],
  ])("%s %#", async (name, changes, seen) => {
    const found = await look(name, changes);
    expect(found).toMatchObject({ ok: true, fix: "" });
    expect(found.seen).toContain(seen);
  });
});

describe("what cannot be known here is null, with its reason", () => {
  const unknown = async () => ({ unknown: "it is hidden" });
  it.each<readonly [string, Partial<Machine>]>([
    ["ollama-loopback", { listeners: unknown }],
    ["ollama-origins", { strangersStatus: unknown }],
    ["cloud-models", { models: unknown }],
    ["cloud-models", { models: models("a:cloud"), ollamaEnvironment: unknown }],
    ["ollama-api-key", { ollamaEnvironment: unknown }],
    ["leftover-process", { listeners: unknown }],
    ["private-files", { guarded: unknown }],
    ["clock", { secondsAhead: unknown }],
    [
      "private-files",
      {
        guarded: async () => {
          throw new Error("it is hidden");
        },
      },
    ],
  ])("%s %#", async (name, changes) => {
    const found = await look(name, changes);
    expect(found).toMatchObject({ ok: null, fix: "" });
    expect(found.seen).toContain("it is hidden");
  });

  it("so is what there is nothing of", async () => {
    const none = async () => ({ value: [] });
    expect(await look("leftover-process", { listeners: none })).toMatchObject({ ok: null });
    expect(await look("ollama-loopback", { listeners: none })).toMatchObject({ ok: null });
    const spec = parseSpec({ server: "nginx" });
    expect(await look("caddy-version", { spec })).toMatchObject({ ok: null });
    const away = parseSpec({ upstreams: ["http://gpu.local:11434"], lanHosts: ["gpu.local"] });
    expect(await look("ollama-loopback", { spec: away })).toMatchObject({ ok: null });
    const ollamaEnvironment = async () => ({ value: undefined });
    expect(await look("ollama-api-key", { ollamaEnvironment })).toMatchObject({ ok: null });
  });
});

describe("this machine", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "latchkey-doctor-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const machine = (changes: Partial<Parameters<typeof createMachine>[0]> = {}): Machine =>
    createMachine({
      home,
      env: {},
      spec: undefined,
      keyHashes: new Set(),
      timeUrl: undefined,
      ...changes,
    });

  it.skipIf(process.platform === "win32")("closes what others can read, and says so", async () => {
    await writeFile(join(home, "door-key"), "x");
    await mkdir(join(home, "caddy"));
    await chmod(join(home, "door-key"), 0o644);
    await chmod(home, 0o755);
    const { guarded, setMode } = machine();
    const before = await look("private-files", { guarded });
    expect(before).toMatchObject({ ok: false });
    expect((await stat(home)).mode & 0o777).toBe(0o755);

    const { checks, fixed } = await diagnose({ ...well, guarded, setMode }, { isFixing: true });
    expect(fixed).toStrictEqual(["private-files"]);
    expect(checks.find(({ name }) => name === "private-files")).toMatchObject({ ok: true });
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect((await stat(join(home, "door-key"))).mode & 0o777).toBe(0o600);
  });

  it("says so where putting it right fails", async () => {
    const guarded: Machine["guarded"] = async () => ({
      value: [{ path: join(home, "gone"), mode: 0o644, wanted: 0o600 }],
    });
    const { setMode } = machine();
    const { checks, fixed } = await diagnose({ ...well, guarded, setMode }, { isFixing: true });
    expect(fixed).toStrictEqual([]);
    const found = checks.find(({ name }) => name === "private-files");
    expect(found).toMatchObject({ ok: false });
    expect(found?.seen).toContain("putting it right failed");
  });

  it.runIf(process.platform === "linux")("sees who listens, and the address", async () => {
    const servers = ["127.0.0.1", "127.0.0.2"].map(() => createServer());
    try {
      const [one, two] = servers;
      if (one === undefined || two === undefined) throw new Error("Two servers are needed");
      await new Promise<void>((resolve) => {
        one.listen(0, "127.0.0.1", resolve);
      });
      const address = one.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      await new Promise<void>((resolve) => {
        two.listen(port, "127.0.0.2", resolve);
      });
      const found = await findListeners(port);
      expect("value" in found && found.value.map((each) => each.address).toSorted()).toStrictEqual([
        "127.0.0.1",
        "127.0.0.2",
      ]);
      expect("value" in found && found.value[0]?.owner?.pid).toBe(process.pid);
    } finally {
      for (const server of servers) server.close();
    }
  });

  it("says that nothing answers rather than that all is well", async () => {
    const nobody = parseSpec({ upstreams: ["http://127.0.0.1:9"] });
    const {
      models: ask,
      strangersStatus,
      secondsAhead,
    } = machine({
      spec: nobody,
      timeUrl: new URL("http://127.0.0.1:9"),
    });
    expect(await ask()).toStrictEqual({ unknown: "no Ollama answers at 127.0.0.1:9" });
    expect(await strangersStatus()).toStrictEqual({ unknown: "no Ollama answers at 127.0.0.1:9" });
    expect(await secondsAhead()).toHaveProperty("unknown");
  });
});

describe("what systems print", () => {
  it("is read from /proc/net/tcp", () => {
    const table = [
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 111 1",
      "   1: 00000000:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 222 1",
      "   2: 0100007F:2CAA 0100007F:9999 01 00000000:00000000 00:00000000 00000000   998        0 333 1",
      "   3: 0100007F:2CAB 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 444 1",
    ].join("\n");
    expect(socketsIn(table, 11_434)).toStrictEqual([
      { address: "127.0.0.1", inode: "111" },
      { address: "0.0.0.0", inode: "222" },
    ]);
  });

  it.each([
    ["0100007F", "127.0.0.1"],
    ["0901A8C0", "192.168.1.9"],
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000001000000", "::1"],
    ["0000000000000000FFFF00000100007F", "127.0.0.1"],
    ["B80D0120000000000000000001000000", "2001:db8::1"],
  ])("as an address: %s", (hex, address) => {
    expect(decodeAddress(hex)).toBe(address);
  });

  it("is read from lsof", () => {
    expect(
      readLsof("p42\ncollama\nf3\nn127.0.0.1:11434\nf4\nn[::1]:11434\np7\nccaddy\nn*:11434\n"),
    ).toStrictEqual([
      held("127.0.0.1", "ollama", 42),
      held("::1", "ollama", 42),
      held("0.0.0.0", "caddy", 7),
    ]);
  });

  it("is read from netstat", () => {
    const output = [
      "  Proto  Local Address          Foreign Address        State           PID",
      "  TCP    0.0.0.0:11434          0.0.0.0:0              LISTENING       1234",
      "  TCP    [::]:11434             [::]:0                 LISTENING       1234",
      "  TCP    127.0.0.1:11434        127.0.0.1:50000        ESTABLISHED     1234",
      "  TCP    127.0.0.1:1434         0.0.0.0:0              LISTENING       9",
    ].join("\r\n");
    expect(
      readNetstat(output, 11_434).map(({ address, owner }) => [address, owner?.pid]),
    ).toStrictEqual([
      ["0.0.0.0", 1234],
      ["::", 1234],
    ]);
  });

  it("is read from the environment of a process", () => {
    expect(readEnvironment("A=1\0B=x=y\0=odd\0\0")).toStrictEqual({ A: "1", B: "x=y" });
  });
});

it("names each look once", () => {
  expect(new Set(LOOKS.map(({ name }) => name)).size).toBe(LOOKS.length);
});
