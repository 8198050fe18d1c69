import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { startDemoEngine } from "../../../gateway/demo/server.ts";
import { chat } from "./asks.ts";
import { drain, open, send } from "./send.ts";

const MAIN = join(import.meta.dirname, "../../../gateway/demo/main.ts");
const Line = z.strictObject({ url: z.url() });

function start(...options: string[]) {
  return spawn(process.execPath, [MAIN, ...options], { stdio: ["ignore", "pipe", "pipe"] });
}

let child: ReturnType<typeof start>;

afterEach(() => {
  child.kill("SIGKILL");
});

describe("the demo engine as a process", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "tells where it listens, and ends on %s",
    async (signal) => {
      child = start("--port", "0", "--load-ms", "0", "--tokens-per-second", "Infinity");
      const [line] = await once(createInterface(child.stdout), "line");
      const { url } = Line.parse(JSON.parse(String(line)));
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
      const answer = await send(url, chat());
      expect(answer).toMatchObject({ status: 200, complete: true });
      const ended = once(child, "exit");
      child.kill(signal);
      expect(await ended).toEqual([0, null]);
    },
  );

  it("ends in the middle of an answer too", async () => {
    child = start("--load-ms", "0");
    const [line] = await once(createInterface(child.stdout), "line");
    const answer = drain(await open(Line.parse(JSON.parse(String(line))).url, chat()));
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(await answer).toMatchObject({ complete: false });
  });

  it("says in one line what broke when the port is taken", async () => {
    const other = await startDemoEngine();
    child = start("--port", String(other.port));
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    await other.close();
    expect(code).toBe(1);
    expect(said).toMatch(/^The demo engine did not start\. .*EADDRINUSE.*\n$/u);
  });

  it("refuses a number that is none", async () => {
    child = start("--tokens", "many");
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect(code).toBe(1);
    expect(said).toContain("--tokens wants a number");
  });
});
