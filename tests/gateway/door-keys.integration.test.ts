import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type DemoEngine, startDemoEngine } from "../../gateway/demo/server.ts";
import { type Home, makeHome, SERVERS, type ServerName } from "../helpers/detached-door.ts";
import { knock } from "../helpers/knock.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const STREAMS = 20;
const TOKENS = 720;
const rotated = z.object({ key: z.string(), until: z.string().nullable(), isRunning: z.boolean() });
const record = z.object({ done: z.boolean() });

/** Status of a request with that key. */
async function knockWith(url: string, key: string): Promise<number> {
  // A connection of its own: a kept one may be closed by a reload just as it is used again.
  const headers = [`X-API-Key: ${key}`];
  return (await knock(Number(new URL(url).port), { target: "/api/version", headers })).status;
}

/** A running answer. */
interface Running {
  readonly ended: Promise<readonly string[]>;
  isRunning(): boolean;
}

async function beginStream(url: string, key: string): Promise<Running> {
  const answer = await fetch(`${url}/api/chat`, {
    method: "POST",
    headers: { "X-API-Key": key, "Content-Type": "application/json" },
    body: JSON.stringify({
      model: "latchkey-demo",
      messages: [{ role: "user", content: "hi" }],
    }),
  });
  expect(answer.status).toBe(200);
  if (answer.body === null) throw new Error("no body");
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value ?? "";
  let isRunning = true;
  const readOn = async (): Promise<readonly string[]> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += value;
    }
    isRunning = false;
    return text.trim().split("\n");
  };
  const ended = readOn();
  ended.catch(() => undefined);
  return { ended, isRunning: () => isRunning };
}

describe.each(SERVERS)("keys of a door of %s", (server: ServerName) => {
  describe.skipIf(parts[server] === undefined)("that runs", () => {
    let engine: DemoEngine;
    let home: Home;

    beforeEach(async () => {
      engine = await startDemoEngine({
        controls: { parallel: STREAMS, loadMs: 0, tokensPerSecond: 60, tokens: TOKENS },
      });
      home = await makeHome(server, { upstreams: [engine.url] });
      await home.start();
    });
    afterEach(async () => {
      await home.close();
      await engine.close();
    });

    it("are rotated under 20 streams, none of which breaks, and the old one ends after its time", async () => {
      const old = await home.appKey();
      const streams = await Promise.all(
        Array.from({ length: STREAMS }, () => beginStream(home.url, old)),
      );
      // Not quite five seconds; the streams last for twelve.
      const { code, stdout } = await home.run("keys", "rotate", "app", "--grace", "0.08", "--json");
      expect(code).toBe(0);
      const { key, until, isRunning } = rotated.parse(JSON.parse(stdout));
      expect(isRunning).toBe(true);
      expect(await knockWith(home.url, key)).toBe(200);
      expect(await home.appKey()).toBe(key);
      expect(await knockWith(home.url, old)).toBe(200);

      await waitUntil(
        "the old key to be refused",
        async () => (await knockWith(home.url, old)) === 401,
      );
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until ?? ""));
      expect(await knockWith(home.url, key)).toBe(200);
      expect(streams.filter((stream) => stream.isRunning())).toHaveLength(STREAMS);
      const answers = await Promise.all(streams.map((stream) => stream.ended));
      for (const lines of answers) {
        expect(lines).toHaveLength(TOKENS + 1);
        expect(record.parse(JSON.parse(lines.at(-1) ?? "")).done).toBe(true);
      }
      for (const name of [`keys.${server}`, "door-keys.json", "door.log", "watcher.log"]) {
        expect(await home.read(name)).not.toContain(old);
      }
    });

    it("are taken by a door that a person started by hand as well", async () => {
      const added = await home.run("keys", "add", "phone", "--json");
      const { key } = z.object({ key: z.string() }).parse(JSON.parse(added.stdout));
      await home.run("stop");
      await using byHand = await home.startByHand();
      expect(await knockWith(byHand.url, key)).toBe(200);
      const { code, stdout } = await home.run("keys", "revoke", "phone");
      expect(stdout).toContain("The running door has taken the change");
      expect(code).toBe(0);
      await waitUntil(
        "the key to be refused",
        async () => (await knockWith(byHand.url, key)) === 401,
      );
    });

    it("are said to be in use still where the door cannot be told", async () => {
      const added = await home.run("keys", "add", "phone", "--json");
      const { key } = z.object({ key: z.string() }).parse(JSON.parse(added.stdout));
      await home.run("stop");
      await using byHand = await home.startByHand();
      for (const name of ["admin.sock", "nginx.pid"]) await home.remove(name);
      const { stdout } = await home.run("keys", "revoke", "phone");
      expect(stdout).toContain("until then the old keys still pass");
      expect(stdout).not.toContain("are refused");
      expect(await knockWith(byHand.url, key)).toBe(200);
    });

    it("are taken out of the other server's file too", async () => {
      const other = server === "caddy" ? "nginx" : "caddy";
      const added = await home.run("keys", "add", "phone", "--json");
      const { key } = z.object({ key: z.string() }).parse(JSON.parse(added.stdout));
      await home.run("render", other, "--out", home.folder);
      expect(await home.read(`keys.${other}`)).toContain(key);
      await home.run("keys", "revoke", "phone");
      expect(await home.read(`keys.${other}`)).not.toContain(key);
    });

    it("come and go with their callers", async () => {
      const added = await home.run("keys", "add", "phone", "--json");
      const { key } = z.object({ key: z.string() }).parse(JSON.parse(added.stdout));
      expect(await knockWith(home.url, key)).toBe(200);
      expect(JSON.parse(await home.read("latchkey.json"))).toMatchObject({
        callers: [{ name: "app" }, { name: "phone" }],
      });
      const revoked = await home.run("keys", "revoke", "phone");
      expect(revoked.stdout).toContain('"phone" is taken out, and its keys are refused.');
      expect(await knockWith(home.url, key)).toBe(401);
      expect(await knockWith(home.url, await home.appKey())).toBe(200);
    });

    it("stay as they were, in the files too, when the running door does not take the change", async () => {
      const before = await Promise.all(
        ["latchkey.json", `keys.${server}`, "door-key"].map(home.read),
      );
      // What a reload would go by is not there.
      const handle = join(home.folder, server === "caddy" ? "admin.sock" : "nginx.pid");
      const aside = join(home.folder, "aside");
      await rename(handle, aside);
      const { code, stdout, stderr } = await home.run("keys", "rotate", "app");
      expect(code).toBe(1);
      expect(stdout).toBe("");
      expect(stderr).not.toBe("");
      const after = await Promise.all(
        ["latchkey.json", `keys.${server}`, "door-key"].map(home.read),
      );
      expect(after).toStrictEqual(before);
      expect(await knockWith(home.url, await home.appKey())).toBe(200);
      await rename(aside, handle);
    });

    it("do not get lost when two commands change them at once", async () => {
      const outcomes = await Promise.all(
        ["a", "b", "c"].map((name) => home.run("keys", "add", name, "--json")),
      );
      expect(outcomes.map(({ code }) => code)).toStrictEqual([0, 0, 0]);
      const keys = outcomes.map(
        ({ stdout }) => z.object({ key: z.string() }).parse(JSON.parse(stdout)).key,
      );
      expect(await Promise.all(keys.map((key) => knockWith(home.url, key)))).toStrictEqual([
        200, 200, 200,
      ]);
    });
  });
});
