import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { caddyArguments, caddyEnvironment, findCaddy } from "../../../gateway/caddy.ts";
import { writeDoorFiles } from "../../../gateway/door/door-files.ts";
import { caddyProgram } from "../../../gateway/door/program.ts";
import { CADDY_FILES } from "../../../gateway/render/caddy.ts";
import { parseSpec } from "../../../gateway/spec/spec.ts";
import { findStranger } from "../../../gateway/up/own-port.ts";
import { freePort } from "../../helpers/free-port.ts";
import { parts } from "../../helpers/parts.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

const canBeTold = process.platform === "linux" && parts.caddy !== undefined;

describe.skipIf(!canBeTold)("two doors on one port", () => {
  let folder: string;
  const doors: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "latchkey-own-port-"));
  });
  afterEach(async () => {
    for (const door of doors.splice(0)) {
      const ended = once(door, "exit");
      if (door.kill("SIGKILL")) await ended;
    }
    await rm(folder, { recursive: true, force: true });
  });

  async function openDoor(name: string, port: number): Promise<number> {
    const caddy = await findCaddy({ env: { CADDY_BIN: parts.caddy } });
    if (caddy === undefined) throw new Error("Caddy is missing");
    const directory = join(folder, name);
    const keys = new Map([["app", [randomBytes(32).toString("hex")]]]);
    const spec = parseSpec({ listen: { port } });
    await writeDoorFiles(directory, { spec, keys, program: await caddyProgram(caddy) });
    const door = spawn(caddy.path, caddyArguments(directory), {
      cwd: directory,
      env: { ...caddyEnvironment(directory, process.env), NODE_ENV: "production" },
      detached: true,
      stdio: "ignore",
    });
    doors.push(door);
    // Its own word, since the other one answers at the same address.
    const log = join(directory, CADDY_FILES.doorLog);
    await waitUntil("the door to open", async () =>
      (await readFile(log, "utf8").catch(() => "")).includes("serving initial configuration"),
    );
    return door.pid ?? 0;
  }

  it("are seen by both, while one alone is left in peace", async () => {
    const port = await freePort();
    const first = await openDoor("first", port);
    expect(await findStranger(port, first)).toBeUndefined();
    const second = await openDoor("second", port);
    expect(await findStranger(port, second)).toMatchObject({ pid: first });
    expect(await findStranger(port, first)).toMatchObject({ pid: second });
  });

  it("are not seen where somebody listens at another address", async () => {
    const port = await freePort();
    await using other = createServer().listen(port, "127.0.0.2");
    await once(other, "listening");
    expect(await findStranger(port, await openDoor("first", port))).toBeUndefined();
  });
});
