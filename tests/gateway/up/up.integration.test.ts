import { once } from "node:events";
import { readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parts } from "../../helpers/parts.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import {
  type Clone,
  GUEST_KEY,
  isListening,
  KV_PASSWORD,
  makeClone,
  OLLAMA_COM_KEY,
  type Running,
  type Up,
} from "./clone.ts";
import { isAlive } from "./family.ts";

describe.skipIf(parts.caddy === undefined)("npm run up", () => {
  let clone: Clone;
  let up: Up;
  let running: Running;

  beforeAll(async () => {
    clone = await makeClone();
    up = clone.up();
    running = await clone.untilReady(up);
  });

  afterAll(() => clone.close());

  it("writes down what runs, for its owner only", async () => {
    expect(running).toMatchObject({
      app: `http://127.0.0.1:${clone.ports.app}`,
      door: `http://127.0.0.1:${clone.ports.door}`,
      engine: { kind: "demo" },
    });
    expect(await Promise.all([running.pid, ...running.pids].map(isAlive))).not.toContain(false);
    expect((await stat(join(clone.folder, ".latchkey/running.json"))).mode & 0o777).toBe(0o600);
  });

  it("lists its steps, shows the access key once and the door's key never", async () => {
    const output = up.output();
    const steps = output.split("\n").flatMap((line) => /^✓ ([A-Za-z ]+):/.exec(line)?.[1] ?? []);
    expect(steps).toStrictEqual([
      "Keys and ports",
      "Environment",
      "Caddy",
      "Engine",
      "Door",
      "Build",
      "App",
      "A first reply",
    ]);
    const accessKey = await clone.secret("access-key");
    expect(output).toContain(`http://127.0.0.1:${clone.ports.app}/sign-in#${accessKey}`);
    expect(output.split(accessKey)).toHaveLength(2);
    expect(output).not.toContain(await clone.secret("door-key"));
    expect(output).not.toContain(await clone.secret("session-secret"));
  });

  it("streams a reply through the whole chain", async () => {
    const { status, reads } = await clone.chat(await clone.secret("access-key"));
    expect(status).toBe(200);
    expect(reads.length).toBeGreaterThan(2);
    expect(reads.join("")).toContain('"type":"finish"');
  });

  it("lets in whom the person's ACCESS_KEYS name, and nobody else", async () => {
    expect((await clone.chat(GUEST_KEY)).status).toBe(200);
    expect((await clone.chat(OLLAMA_COM_KEY)).status).toBe(401);
    expect((await clone.chat(await clone.secret("door-key"))).status).toBe(401);
  });

  it.runIf(process.platform === "linux")("gives engine and door no secret", async () => {
    const secrets = [
      await clone.secret("door-key"),
      await clone.secret("session-secret"),
      OLLAMA_COM_KEY,
    ];
    const others = [KV_PASSWORD, GUEST_KEY];
    for (const pid of running.pids) {
      const environment = await readFile(`/proc/${pid}/environ`, "utf8");
      const isApp = environment.includes("OLLAMA_BASE_URL=");
      const held = secrets.filter((secret) => environment.includes(secret));
      const strayed = others.filter((other) => !isApp && environment.includes(other));
      expect(strayed).toStrictEqual([]);
      // The app holds the two that were made for it, and not the person's own key for ollama.com.
      expect(held).toStrictEqual(isApp ? secrets.slice(0, 2) : []);
    }
  });

  it("says what of the person's environment it does not use", () => {
    expect(up.output()).toContain("OLLAMA_BASE_URL is set, but not used: up makes its own.");
    expect(up.output()).not.toContain("ACCESS_KEYS is set");
  });

  it("a second one says so and does no harm", async () => {
    const second = clone.run("up");
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain(`Latchkey runs already: http://127.0.0.1:${clone.ports.app}`);
    expect(second.output()).toMatch(/npm run latchkey -- stop\n$/);
    expect(second.output()).not.toContain("options");
    expect(second.output()).not.toContain("has changed");
    const third = clone.up();
    expect(await third.ended).toBe(1);
    expect(third.output()).toContain("Your options are not used, because it does.");
    expect(await clone.note()).toStrictEqual(running);
    expect((await clone.chat(await clone.secret("access-key"))).status).toBe(200);
  });

  it("a second one says when the list of keys has changed since", async () => {
    expect(await clone.run("access", "add", "zoe").ended).toBe(0);
    const second = clone.run("up");
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain("The list of access keys has changed since");
    expect(second.output()).toContain("npm run latchkey -- stop, then this again");
    expect(await clone.run("access", "remove", "zoe").ended).toBe(0);
  });

  it("starts a door that was killed again, says so, and the next message works", async () => {
    const door = running.pids.at(1) ?? 0;
    process.kill(door, "SIGKILL");
    await waitUntil("the door to be back", () => up.output().includes("The door is back."));
    expect(up.output()).toContain("The door ended (SIGKILL); starting it again in 0.25 s.");
    const { status, reads } = await clone.chat(await clone.secret("access-key"));
    expect(status).toBe(200);
    expect(reads.join("")).toContain('"type":"finish"');
    const now = await waitUntil("the note", async () => {
      const note = await clone.note();
      return note?.pids.includes(door) === false && note;
    });
    expect(now.pids).toHaveLength(running.pids.length);
  });

  it("leaves nothing behind when it is asked to end", async () => {
    const last = (await clone.note()) ?? running;
    up.child.kill("SIGTERM");
    expect(await up.ended).toBe(0);
    expect(await clone.left(last)).toStrictEqual([]);
  });

  it("from its build is ready within ten seconds, with the same keys", async () => {
    const key = await clone.secret("access-key");
    up = clone.up();
    running = await clone.untilReady(up);
    expect(up.output()).toContain("✓ Build: kept, nothing changed");
    expect(up.output()).toContain(key);
    expect(running.readyInMs).toBeLessThan(10_000);
  });

  it("is ended by stop", async () => {
    expect(await clone.run("stop").ended).toBe(0);
    expect(await up.ended).toBe(0);
    expect(await clone.left(running)).toStrictEqual([]);
  });

  it("leaves nothing behind even when it is killed", async () => {
    up = clone.up();
    running = await clone.untilReady(up);
    process.kill(running.pid, "SIGKILL");
    await up.ended;
    await waitUntil("everything to end", async () => (await clone.left(running)).length === 0);
    expect(await clone.left(running)).toStrictEqual([]);
  });

  it("makes a new key in place of one that was deleted, and the old one opens nothing", async () => {
    const old = await clone.secret("access-key");
    await rm(join(clone.folder, ".latchkey/access-key"));
    up = clone.up();
    running = await clone.untilReady(up);
    expect((await clone.chat(await clone.secret("access-key"))).status).toBe(200);
    expect((await clone.chat(old)).status).toBe(401);
    expect(await clone.run("stop").ended).toBe(0);
    await up.ended;
  });

  it("ends when it is asked to before it is ready", async () => {
    up = clone.up();
    await waitUntil("the door", () => up.output().includes("✓ Door"));
    up.child.kill("SIGINT");
    expect(await up.ended).toBe(130);
    expect(up.output()).toContain("Stopped.");
    expect(await isListening(clone.ports.door)).toBe(false);
  });

  it("fails with the name of the process that holds a port asked for by name", async () => {
    await using held = createServer();
    held.listen(0, "127.0.0.1");
    await once(held, "listening");
    const address = held.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const refused = clone.run("up", "--demo", "--port", port);
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toMatch(
      new RegExp(`Port ${port} is taken by .+ \\(process ${process.pid}\\)`),
    );
    expect(await clone.note()).toBeUndefined();
  });
});
