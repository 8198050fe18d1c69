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

        up    Run everything here: chat, door and engine
        stop  End what up started

      More about one: npm run latchkey -- COMMAND --help
      "
    `);
  });

  it("tells a command's options", async () => {
    const { code, stdout } = await latchkey("up", "--help");
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "Run everything here: chat, door and engine.

      npm run up -- [OPTIONS]

        --yes          Answer every question with yes
        --port N       The app's port (3000, or the next free)
        --door-port N  The door's port (11435, or next)
        --host H       Listen here; 0.0.0.0 lets phones in
        --dev          Reload the app when its files change
        --demo         Use the demo engine, not Ollama
        --help         Show this
      "
    `);
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
    [["up", "again"], "Unexpected argument 'again'.", "npm run latchkey -- up --help"],
    [["up", "--port"], "Option '--port <value>' argument missing.", "up --help"],
    [["up", "--port", "x"], "--port wants a number from 1 to 65535.", "up --help"],
    [["up", "--port", "70000"], "--port wants a number from 1 to 65535.", "up --help"],
    [["up", "--door-port", "0"], "--door-port wants a number from 1 to 65535.", "up --help"],
    [["up", "--port", "5", "--door-port", "5"], "want two different ports", "up --help"],
    [["up", "--host", "example.org"], "--host wants an address of this machine", "up --help"],
    [["stop", "--now"], "Unknown option '--now'.", "npm run latchkey -- stop --help"],
  ];
  it.each(cases)("%j", async (args, sentence, hint) => {
    const { code, stdout, stderr } = await latchkey(...args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(sentence);
    expect(stderr).toContain(hint);
  });
});
