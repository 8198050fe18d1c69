import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../gateway/cli.ts";
import { helpFor, helpForAll } from "../../gateway/commands/help.ts";
import { ROOT } from "../helpers/copy-tree.ts";

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function latchkey(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const cli = join(ROOT, "gateway/cli.ts");
    execFile(process.execPath, [cli, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

describe("help", () => {
  it("lists the commands", async () => {
    const { code, stdout } = await latchkey("--help");
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "Puts the Ollama on your own GPU safely on the web.

      npm run latchkey -- COMMAND [OPTIONS]

        up                  Run chat, door and engine here
        init                Make a door, start it, prove it
        stop                End what up or init started
        render SERVER       Write the door's files
        keys add NAME       Let one more pass the door
        keys list           Show who may pass the door
        keys rotate NAME    Renew a key of the door
        keys revoke NAME    Let one pass the door no longer
        access add NAME     Make a named access key
        access list         Show who has an access key
        access remove NAME  Drop an access key
        verify [URL]        Prove that a door is locked
        doctor              Find what is wrong here, with fixes
        connect APP_URL     Bring an app here as a local Ollama

      More about one: npm run latchkey -- COMMAND --help
      "
    `);
  });

  it("tells a command's options", async () => {
    const { code, stdout } = await latchkey("up", "--help");
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "Run chat, door and engine here.

      npm run up -- [OPTIONS]

        --yes          Answer every question with yes
        --port N       The app's port (3000, or the next free)
        --door-port N  The door's port (11435, or next)
        --host H       Listen here; 0.0.0.0 lets phones in
        --dev          Reload the app when its files change
        --demo         Use the demo engine, not Ollama
        --help         Show this

      Variables go in front: MAX_ACTIVE=4 npm run up
      OLLAMA_HOST names another Ollama, CADDY_BIN another Caddy.
      "
    `);
  });

  it("tells what a command wants besides its options", async () => {
    const { code, stdout } = await latchkey("access", "add", "--help");
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "Make a named access key.

      npm run latchkey -- access add NAME [OPTIONS]

        NAME       1 to 64 of A-Z a-z 0-9 . _ -
        --role R   owner, member (the default) or guest
        --days N   Ends after so many days (never)
        --json     Print the result as JSON
        --dry-run  Say what would happen, change nothing
        --help     Show this
      "
    `);
  });

  it("tells how to bring an app here", async () => {
    const { code, stdout } = await latchkey("connect", "--help");
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "Bring an app here as a local Ollama.

      npm run latchkey -- connect APP_URL [OPTIONS]

        APP_URL          The app's address: https://...
        --port N         Listen here (11434, or the next free)
        --key-env NAME   The variable with the key
        --key-file FILE  Its file (.latchkey/access-key)
        --help           Show this

      11434 is Ollama's own port: one that is started afterwards
      finds it taken. --port 11500 keeps out of its way.
      "
    `);
  });

  it("lists the commands that share their first word", async () => {
    const { code, stdout } = await latchkey("access", "--help");
    expect(code).toBe(0);
    expect(stdout).toContain("access remove NAME");
    expect(stdout).not.toContain("stop");
  });

  it("fits a terminal of 60 columns", () => {
    const texts = [helpForAll(COMMANDS), ...COMMANDS.map(helpFor)];
    const tooLong = texts.flatMap((text) => text.split("\n")).filter((line) => line.length > 60);
    expect(tooLong).toStrictEqual([]);
  });
});

describe("what is not understood is refused with exit code 2 and a hint", () => {
  const cases: readonly (readonly [readonly string[], string, string])[] = [
    [["pu"], 'There is no command "pu".', "npm run latchkey -- --help"],
    [["up", "--prot", "3"], "Unknown option '--prot'.", "npm run latchkey -- up --help"],
    [["up", "again"], "takes no argument but its options.", "npm run latchkey -- up --help"],
    [["up", "--port"], "Option '--port <value>' argument missing.", "up --help"],
    [["up", "--port", "x"], "--port wants a number from 1 to 65535.", "up --help"],
    [["up", "--port", "70000"], "--port wants a number from 1 to 65535.", "up --help"],
    [["up", "--door-port", "0"], "--door-port wants a number from 1 to 65535.", "up --help"],
    [["up", "--port", "5", "--door-port", "5"], "want two different ports", "up --help"],
    [["up", "--host", "example.org"], "--host wants an address of this machine", "up --help"],
    [["stop", "--now"], "Unknown option '--now'.", "npm run latchkey -- stop --help"],
    [["access"], 'After "access" stands one of add, list, remove.', "access --help"],
    [["access", "show"], 'After "access" stands one of add, list, remove.', "access --help"],
    [["access", "add"], "NAME is missing.", "npm run latchkey -- access add --help"],
    [["access", "add", ""], "NAME is missing.", "access add --help"],
    [["access", "add", "a", "b"], "takes nothing after NAME but its options.", "add --help"],
    [["access", "add", "a:b"], "NAME wants 1 to 64 of", "access add --help"],
    [["access", "add", "a".repeat(65)], "NAME wants 1 to 64 of", "access add --help"],
    [["access", "add", "a", "--role", "king"], "--role wants one of owner, member, guest.", "add"],
    [["access", "add", "a", "--days", "0"], "--days wants a whole number from 1", "add --help"],
    [["access", "add", "a", "--days", "1.5"], "--days wants a whole number from 1", "add --help"],
    [["access", "list", "--role", "owner"], "Unknown option '--role'.", "access list --help"],
    [["access", "remove"], "NAME is missing.", "access remove --help"],
    [["connect"], "APP_URL is missing.", "npm run latchkey -- connect --help"],
    [["connect", "example.org"], "APP_URL wants the app's address", "connect --help"],
    [["connect", "127.0.0.1:3000"], "with https:// or http:// in front", "connect --help"],
    [["connect", "localhost:3000"], "with https:// or http:// in front", "connect --help"],
    [["connect", "ftp://a.example"], "APP_URL wants the app's address, such as", "connect --help"],
    [["connect", "http://example.org"], "APP_URL wants https", "connect --help"],
    [["connect", "https://a.example", "--port", "x"], "--port wants a number", "connect --help"],
    [
      ["connect", "https://a.example", "--key-env", "A", "--key-file", "b"],
      "two ways to one key",
      "connect --help",
    ],
  ];
  it.each(cases)("%j", async (args, sentence, hint) => {
    const { code, stdout, stderr } = await latchkey(...args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(sentence);
    expect(stderr).toContain(hint);
  });

  const key = "9f2c71d0aa4be83559f2c71d0aa4be8355";
  it.each([
    [["connect", "https://a.example", key]],
    [["connect", `https://:${key}@a.example`]],
    [["connect", `https://a.example/sign-in#${key}`]],
    [["connect", "https://a.example", `--key=${key}`]],
    [["access", "add", "ann", key]],
  ])("and a key in the wrong place is not repeated (%#)", async (args) => {
    const { code, stdout, stderr } = await latchkey(...args);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain(key);
  });
});
