import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Check } from "../../gateway/verify/check.ts";
import { addressOf, openSockets, readSockets } from "../../gateway/verify/listeners.ts";
import { belongsTo, familyOf, readLog } from "../../gateway/verify/log-files.ts";
import { reportText } from "../../gateway/verify/report.ts";
import { ALL_CHECKS } from "../../gateway/verify/run.ts";

const CHECKS: readonly Check[] = [
  { name: "health", ok: true, seen: "answered 200", fix: "" },
  {
    name: "tls",
    ok: false,
    seen: "plain HTTP",
    fix: "Give the door TLS, or let it listen on 127.0.0.1 behind a tunnel.",
  },
  { name: "silence", ok: null, seen: "takes over a minute: --slow tries it", fix: "" },
];

describe("the report", () => {
  const titles = new Map(ALL_CHECKS.map(({ name, title }) => [name, title]));
  const print = (checks: readonly Check[], width: number) =>
    reportText("https://home.example", checks, { width, isStyled: false, titles });

  it("fits a terminal of 60 columns", () => {
    expect(print(CHECKS, 60)).toMatchInlineSnapshot(`
      "The door at https://home.example

      ✓ /health is open: answered 200
      ✗ TLS, with a certificate to be trusted: plain HTTP
        Fix: Give the door TLS, or let it listen on 127.0.0.1
             behind a tunnel.
      – A silence of over a minute is borne: takes over a minute:
        --slow tries it

      Something is wrong: 1 good, 1 wrong, 1 not tried or not
      telling."
    `);
    for (const width of [40, 60, 80, 200])
      for (const line of print(CHECKS, width).split("\n"))
        expect(line.length).toBeLessThanOrEqual(width);
  });

  it("claims nothing where nothing was proved", () => {
    const last = (checks: readonly Check[]) => print(checks, 80).split("\n").at(-1);
    expect(last(CHECKS.slice(2))).toContain("Nothing was proved: 0 good");
    expect(last(CHECKS.slice(0, 1))).toContain("Nothing is wrong: 1 good, 0 wrong, 0 not");
  });

  it("shows what would hide or move as a mark", () => {
    const hostile = "a\u001b[2Kb\u202Ec\u2028d\u009Be\nf";
    const text = print([{ name: "tls", ok: false, seen: hostile, fix: hostile }], 80);
    expect(text.match(/a\uFFFD\[2Kb\uFFFDc\uFFFDd\uFFFDe\uFFFDf/gu)).toHaveLength(2);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it("has a name and a title of its own for each check", () => {
    expect(new Set(ALL_CHECKS.map(({ name }) => name)).size).toBe(ALL_CHECKS.length);
    expect(titles.size).toBe(new Set(titles.values()).size);
  });
});

describe("log files", () => {
  it.each([
    ["access.log", true],
    ["access-2026-11-24T10-00-00.000.log", true],
    ["access-2026-11-24T10-00-00.000.log.gz", true],
    ["access.log.1", true],
    ["access.log.2.gz", true],
    ["access-control.log", false],
    ["door.log", false],
    ["my-access.log", false],
  ])("%s belongs to access.log: %s", (name, belongs) => {
    expect(belongsTo("/x/access.log", name)).toBe(belongs);
  });

  it("are read where they are packed as well", async () => {
    const folder = await mkdtemp(join(tmpdir(), "latchkey-logs-"));
    const log = join(folder, "access.log");
    await writeFile(log, "new");
    await writeFile(`${log}.1.gz`, gzipSync("old"));
    await writeFile(`${log}.2.gz`, "broken");
    const texts = await Promise.all((await familyOf(log)).map(readLog));
    expect(texts.toSorted()).toEqual(["", "new", "old"]);
    await rm(folder, { recursive: true });
  });
});

describe("Linux's table of sockets", () => {
  it("is read as addresses", () => {
    expect(addressOf("0100007F")).toBe("127.0.0.1");
    expect(addressOf("00000000000000000000000001000000")).toBe("::1");
    expect(addressOf("0000000000000000FFFF00000100007F")).toBe("127.0.0.1");
    expect(addressOf("00000000000000000000000000000000")).toBe("::");
  });

  const line = (address: string, state: string, inode: string) =>
    `   0: ${address}:2CAB 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1`;

  it("tells who listens, and who is open to others", () => {
    const sockets = readSockets(
      [line("0100007F", "0A", "7"), line("00000000", "0A", "8"), line("0100007F", "01", "9")].join(
        "\n",
      ),
    );
    expect(sockets.map(({ address, port, inode }) => `${address} ${port} ${inode}`)).toEqual([
      "127.0.0.1 11435 7",
      "0.0.0.0 11435 8",
    ]);
    // The very address is before all addresses.
    expect(openSockets({ sockets })).toEqual([]);
    expect(openSockets({ sockets: sockets.slice(1) })).toHaveLength(1);
  });
});
