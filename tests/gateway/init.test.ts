import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Answers, changesBetween, describeDoor, reachOf } from "../../gateway/init/answers.ts";
import { isShared, lanAddress } from "../../gateway/init/network.ts";
import { completeAnswers, createAsker, Unanswered } from "../../gateway/init/questions.ts";
import { takeSnapshot } from "../../gateway/init/snapshot.ts";
import { localUrl, publicUrl, variablesText, wayText } from "../../gateway/init/words.ts";
import { parseSpec } from "../../gateway/spec/spec.ts";

const NOTHING: Answers = {
  reach: undefined,
  origins: undefined,
  server: undefined,
  port: undefined,
};
const ENGINE = "http://127.0.0.1:11434";

const describeReach = (reach: NonNullable<Answers["reach"]>) =>
  describeDoor({ ...NOTHING, reach }, undefined, ENGINE);

describe("the description that answers make", () => {
  it("is of a door for this computer when there are none", () => {
    const spec = describeDoor(NOTHING, undefined, ENGINE);
    expect(spec).toStrictEqual(parseSpec({}));
    expect(reachOf(spec)).toStrictEqual({ kind: "here" });
    expect(publicUrl(spec)).toBeUndefined();
    expect(localUrl(spec)).toBe("http://127.0.0.1:11435");
  });

  it("listens everywhere with a certificate for a name", () => {
    const reach = { kind: "name", name: "gpu.example.com" } as const;
    const spec = describeReach(reach);
    expect(spec.listen.address).toBe("0.0.0.0");
    expect(spec.tls).toBe("automatic");
    expect(reachOf(spec)).toStrictEqual(reach);
    expect(publicUrl(spec)).toBe("https://gpu.example.com");
    expect(localUrl(spec)).toBe("https://127.0.0.1:11435");
  });

  it("makes a certificate of its own for an address", () => {
    const reach = { kind: "address", address: "203.0.113.9" } as const;
    const spec = describeReach(reach);
    expect(spec.tls).toBe("internal");
    expect(reachOf(spec)).toStrictEqual(reach);
    expect(publicUrl(spec)).toBe("https://203.0.113.9:11435");
    expect(publicUrl(describeReach({ kind: "address", address: "2001:db8::9" }))).toBe(
      "https://[2001:db8::9]:11435",
    );
  });

  it.each(["cloudflared", "tailscale"] as const)("stays on loopback behind %s", (tunnel) => {
    const spec = describeReach({ kind: "tunnel", tunnel, name: undefined });
    expect(spec).toMatchObject({ tunnel, tls: "off", listen: { address: "127.0.0.1" } });
    expect(publicUrl(spec)).toBeUndefined();
    const named = describeReach({ kind: "tunnel", tunnel, name: "gpu.example.com" });
    expect(publicUrl(named)).toBe("https://gpu.example.com");
  });

  it("keeps what nobody answered, and tells what changes", () => {
    const before = parseSpec({
      listen: { port: 12_000 },
      callers: [{ name: "app" }, { name: "phone" }],
      cors: { origins: ["https://a.example"] },
      limits: { bodyMegabytes: 5 },
    });
    expect(describeDoor(NOTHING, before, undefined)).toStrictEqual(before);
    expect(changesBetween(before, before)).toStrictEqual([]);
    const answers = { ...NOTHING, port: 12_001, origins: [] };
    const after = describeDoor(answers, before, "http://127.0.0.1:11500");
    expect(changesBetween(before, after)).toStrictEqual([
      "listen.port: 12000 -> 12001",
      'upstreams: ["http://127.0.0.1:11434"] -> ["http://127.0.0.1:11500"]',
      'cors.origins: ["https://a.example"] -> []',
    ]);
    expect(after.callers).toStrictEqual(before.callers);
    expect(changesBetween(undefined, after)).toStrictEqual([]);
  });

  it("leaves nothing of the way before", () => {
    const before = describeReach({ kind: "name", name: "gpu.example.com" });
    const after = describeDoor({ ...NOTHING, reach: { kind: "here" } }, before, ENGINE);
    expect(after).toStrictEqual(parseSpec({}));
  });

  it("names an Ollama on another computer as one of this network", () => {
    const spec = describeDoor(NOTHING, undefined, "http://gpu.local:11434");
    expect(spec.lanHosts).toStrictEqual(["gpu.local"]);
  });

  it("is refused with the reason where answers do not go together", () => {
    const reach = { kind: "name", name: "gpu.example.com" } as const;
    expect(() => describeDoor({ ...NOTHING, reach, server: "nginx" }, undefined, ENGINE)).toThrow(
      "nginx makes no certificate by itself",
    );
  });
});

describe("what a person is told", () => {
  const all = {
    OLLAMA_BASE_URL: "https://203.0.113.9:11435",
    OLLAMA_API_KEY: "the-key",
    OLLAMA_CA: "the-root",
    ACCESS_KEYS: "owner:owner:0",
    SESSION_SECRET: "the-secret",
  };
  const byAddress = describeReach({ kind: "address", address: "203.0.113.9" });

  it("is every variable with its value, and how it is set", () => {
    const text = variablesText(byAddress, all).join("\n");
    for (const [name, value] of Object.entries(all)) {
      expect(text).toContain(`  ${name}=${value}\n`);
      expect(text).toContain(`env add ${name} production --force`);
    }
    expect(text).toContain("shown this once");
  });

  it("is no secret the second time", () => {
    const again = { ...all, OLLAMA_API_KEY: undefined, SESSION_SECRET: undefined };
    const text = variablesText(byAddress, again).join("\n");
    expect(text).toContain("OLLAMA_API_KEY=(as before: it lies in .latchkey/door-key)");
    expect(text).not.toContain("are secret");
  });

  it("is the router's line, with the LAN address", () => {
    expect(wayText(byAddress, "192.168.1.20")).toContain("  TCP 11435 -> 192.168.1.20:11435");
    const byName = describeReach({ kind: "name", name: "gpu.example.com" });
    const text = wayText(byName, undefined).join("\n");
    expect(text).toContain("  TCP 443 -> THIS-COMPUTER:11435");
    expect(text).toContain("dynamic DNS");
    expect(text).toContain("CGNAT");
  });

  it("is the tunnel's own command", () => {
    const text = (tunnel: "cloudflared" | "tailscale", name?: string): string =>
      wayText(describeReach({ kind: "tunnel", tunnel, name }), undefined).join("\n");
    expect(text("cloudflared")).toContain("cloudflared tunnel --url http://127.0.0.1:11435");
    expect(text("cloudflared", "gpu.example.com")).toContain(
      "cloudflared tunnel route dns latchkey gpu.example.com",
    );
    expect(text("tailscale")).toContain("tailscale funnel --bg 11435");
  });
});

describe("the questions", () => {
  async function answer(text: string, given: Partial<Answers> = {}, isNameless = false) {
    const input = new PassThrough();
    const output = new PassThrough();
    const asker = createAsker(input, output, new AbortController().signal);
    input.end(text);
    try {
      const answers = await completeAnswers({ ...NOTHING, ...given }, asker, isNameless);
      return { answers, said: String(output.read()) };
    } finally {
      asker.close();
    }
  }

  it.each([
    ["\n\n", { kind: "here" }],
    ["2\n\n", { kind: "tunnel", tunnel: "cloudflared", name: undefined }],
    ["3\n\n", { kind: "tunnel", tunnel: "tailscale", name: undefined }],
    ["4\nGPU.example.com\n\n", { kind: "name", name: "gpu.example.com" }],
    ["5\n203.0.113.9\n\n", { kind: "address", address: "203.0.113.9" }],
    ["9\n4\nhttps://x\ngpu.example.com\n\n", { kind: "name", name: "gpu.example.com" }],
  ])("%j", async (text, reach) => {
    const { answers } = await answer(text);
    expect(answers.reach).toStrictEqual(reach);
    expect(answers.origins).toStrictEqual([]);
  });

  it("end with Ctrl-C", async () => {
    const ending = new AbortController();
    const output = new PassThrough();
    const asker = createAsker(new PassThrough(), output, ending.signal);
    const asked = asker.ask("Number: ");
    ending.abort();
    expect(await asked).toBeUndefined();
    asker.close();
  });

  it("are not asked where the answer was given", async () => {
    const { answers, said } = await answer("", { reach: { kind: "here" }, origins: [] });
    expect(answers.reach).toStrictEqual({ kind: "here" });
    expect(said).toBe("null");
  });

  it("are of the address alone where there is no name", async () => {
    const { answers } = await answer(
      "203.0.113.9\nhttps://a.example, https://b.example\n",
      {},
      true,
    );
    expect(answers.reach).toStrictEqual({ kind: "address", address: "203.0.113.9" });
    expect(answers.origins).toStrictEqual(["https://a.example", "https://b.example"]);
  });

  it.each(["", "4\n", "x\ny\nz\n1\n"])("end where nobody answers them: %j", async (text) => {
    await expect(answer(text)).rejects.toThrow(Unanswered);
  });
});

describe("this computer's address", () => {
  const info = (address: string, internal = false) =>
    ({ address, internal, family: "IPv4", netmask: "", mac: "", cidr: null }) as const;

  it("is the one in the network of the house", () => {
    expect(
      lanAddress({
        lo: [info("127.0.0.1", true)],
        docker0: [info("172.17.0.1")],
        tailscale0: [info("100.101.1.1")],
        eth0: [info("192.168.1.20")],
      }),
    ).toBe("192.168.1.20");
    expect(lanAddress({ eth0: [info("203.0.113.9")] })).toBe("203.0.113.9");
    expect(lanAddress({ lo: [info("127.0.0.1", true)] })).toBeUndefined();
  });

  it.each([
    ["100.64.0.1", true],
    ["100.127.9.9", true],
    ["100.128.0.1", false],
    ["192.168.1.1", true],
    ["172.32.0.1", false],
    ["203.0.113.9", false],
  ])("%s is shared: %s", (address, expected) => {
    expect(isShared(address)).toBe(expected);
  });
});

describe("a snapshot", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "latchkey-snapshot-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("puts everything back", async () => {
    await writeFile(join(folder, "latchkey.json"), "old", { mode: 0o600 });
    await writeFile(join(folder, "door-key"), "key", { mode: 0o600 });
    await writeFile(join(folder, "door.log"), "one\n");
    const { restore } = await takeSnapshot(folder);
    await writeFile(join(folder, "latchkey.json"), "new");
    await rm(join(folder, "door-key"));
    await writeFile(join(folder, "Caddyfile"), "new");
    await writeFile(join(folder, "door.log"), "one\ntwo\n");
    await mkdir(join(folder, "caddy"));
    await writeFile(join(folder, "access-keys"), "somebody else's");
    await restore();
    expect((await readdir(folder)).toSorted()).toStrictEqual([
      "access-keys",
      "door-key",
      "door.log",
      "latchkey.json",
    ]);
    expect(await readFile(join(folder, "latchkey.json"), "utf8")).toBe("old");
    expect(await readFile(join(folder, "door.log"), "utf8")).toBe("one\ntwo\n");
    if (process.platform === "win32") return;
    expect((await stat(join(folder, "door-key"))).mode & 0o777).toBe(0o600);
  });

  it("takes a folder away that was not there", async () => {
    const inside = join(folder, "state");
    const { restore } = await takeSnapshot(inside);
    await mkdir(inside);
    await writeFile(join(inside, "door-key"), "key");
    await restore();
    expect(await readdir(folder)).toStrictEqual([]);
  });
});
