import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findCaddy } from "../../gateway/caddy.ts";
import { startDetached } from "../../gateway/door/run.ts";
import { readOrMakeSecret } from "../../gateway/keys.ts";
import { startDoor } from "../../gateway/up/door.ts";
import { createHousehold } from "../../gateway/up/household.ts";
import { claim, readLedger, removeLedger } from "../../gateway/up/ledger.ts";
import { isRunning, type ProcessMark } from "../../gateway/up/process-mark.ts";
import { createProgress } from "../../gateway/up/progress.ts";
import { ROOT } from "../helpers/copy-tree.ts";
import { type Home, makeHome, SERVERS } from "../helpers/detached-door.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";

/** Whether the door answers; false where nobody listens. */
const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
};

async function statusWith(url: string, key: string): Promise<number> {
  const answer = await fetch(`${url}/api/tags`, { headers: { "X-API-Key": key } });
  await answer.body?.cancel();
  return answer.status;
}

/** The watching process and what it started. */
function processesOf({ folder }: Home): readonly ProcessMark[] {
  const ledger = readLedger(folder);
  return ledger === undefined ? [] : [ledger, ...ledger.children];
}

describe.each(SERVERS)("a detached door of %s", (server) => {
  describe.skipIf(parts[server] === undefined)("that was started", () => {
    let echo: Echo;
    let home: Home;

    beforeEach(async () => {
      echo = await startEcho();
      home = await makeHome(server, {
        upstreams: [echo.url],
        logs: { megabytes: 1, keep: 1 },
      });
      await home.start();
    });
    afterEach(async () => {
      await home.close();
      await echo.close();
    });

    it("answers, and says where in a note for its owner", async () => {
      expect(await statusWith(home.url, await home.appKey())).toBe(200);
      const note: unknown = JSON.parse(await home.read("door.json"));
      expect(note).toMatchObject({ address: home.url, server });
      expect(await home.read("door.json")).not.toContain(await home.appKey());
    });

    it("is ended by stop, which leaves nothing", async () => {
      const processes = processesOf(home);
      expect(processes).toHaveLength(2);
      const { code, stdout } = await home.run("stop");
      expect({ code, stdout }).toStrictEqual({ code: 0, stdout: "Everything is ended.\n" });
      expect(processes.filter(isRunning)).toStrictEqual([]);
      expect(await answers(home.url)).toBe(false);
      const names = await readdir(home.folder);
      expect(names.filter((name) => /^(?:door|processes|running)\.json/.test(name))).toEqual([]);
      expect((await home.run("stop")).stdout).toBe("Nothing runs.\n");
    });

    it("keeps a second one away, and says who runs", async () => {
      const [watcher] = processesOf(home);
      await expect(startDetached(home.folder, home.env)).rejects.toMatchObject({
        message: `A door runs already: ${home.url} (process ${watcher?.pid}).`,
        fix: "End it first: npm run latchkey -- stop",
      });
      const { code, stdout } = await home.run("up");
      expect(code).toBe(1);
      expect(stdout).toContain(
        `A door runs here by itself: ${home.url} (process ${watcher?.pid}).`,
      );
      expect(await answers(home.url)).toBe(true);
    });

    it("is started again when its server dies", async () => {
      const [, first] = processesOf(home);
      if (first === undefined) throw new Error("There is no server");
      process.kill(first.pid, "SIGKILL");
      await waitUntil("another server", async () => {
        const [, second] = processesOf(home);
        return second !== undefined && second.pid !== first.pid && (await answers(home.url));
      });
      const said = await waitUntil("it to be said", async () => {
        const log = await home.read("watcher.log");
        return log.includes("back") && log;
      });
      expect(said).toContain("The door ended (SIGKILL); starting it again in 0.25 s.");
      expect(await statusWith(home.url, await home.appKey())).toBe(200);
    });

    it("ends when the process that watches it is killed", async () => {
      const [watcher, child] = processesOf(home);
      if (watcher === undefined || child === undefined) throw new Error("Nothing runs");
      process.kill(watcher.pid, "SIGKILL");
      await waitUntil("its server to end", () => !isRunning(child));
      expect(await answers(home.url)).toBe(false);
    });

    it("goes on when its description has become a bad one, which every command refuses", async () => {
      const before = await home.read(`keys.${server}`);
      const spec = JSON.stringify({ server, listen: { address: "0.0.0.0" } });
      await writeFile(join(home.folder, "latchkey.json"), spec);
      for (const args of [
        ["keys", "add", "phone"],
        ["render", server, "--out", home.folder],
      ]) {
        const { code, stderr } = await home.run(...args);
        expect(code).toBe(1);
        expect(stderr).toContain("beyond this computer plain HTTP shows the key");
      }
      expect(await home.read(`keys.${server}`)).toBe(before);
      expect(await statusWith(home.url, await home.appKey())).toBe(200);
    });

    it("puts full logs aside and keeps as many as it is told", async () => {
      const log = join(home.folder, "access.log");
      const aside = async (): Promise<readonly string[]> =>
        (await readdir(home.folder)).filter((name) => /^access-.*\.log/.test(name)).toSorted();
      const fill = async (): Promise<void> => {
        await appendFile(log, `${"x".repeat(1023)}\n`.repeat(1024));
        // Caddy counts what it writes itself, from its start on.
        if (server === "caddy") {
          await home.run("stop");
          await home.start();
        }
        await answers(home.url);
      };
      await fill();
      const [first] = await waitUntil("the log to be put aside", async () => {
        const names = await aside();
        return names.length > 0 && names;
      });
      await waitUntil("a line in the new one", async () => {
        await answers(home.url);
        return (await home.read("access.log")).includes("/health");
      });
      await fill();
      const names = await waitUntil("another one aside, and one alone", async () => {
        const all = await aside();
        return all.length === 1 && all[0] !== first && all;
      });
      expect(names).toHaveLength(1);
    });
  });
});

describe.skipIf(parts.nginx === undefined)("a door that its server refuses", () => {
  const elsewhere = {
    upstreams: ["http://nowhere.invalid:11434"],
    lanHosts: ["nowhere.invalid"],
  };

  it("is not started, and the server's reason is told", async () => {
    await using cleanup = new AsyncDisposableStack();
    const home = await makeHome("nginx", elsewhere);
    cleanup.defer(() => home.close());
    await expect(home.start()).rejects.toThrow(
      'host not found in upstream "nowhere.invalid:11434"',
    );
    expect(processesOf(home)).toStrictEqual([]);
    expect((await readdir(home.folder)).toSorted()).toStrictEqual([
      "door-key",
      "latchkey.json",
      "watcher.log",
    ]);
  });

  it("leaves the files and the door that runs as they were", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const home = await makeHome("nginx", { upstreams: [echo.url] });
    cleanup.defer(() => home.close());
    await home.start();
    const before = await Promise.all(["nginx.conf", "keys.nginx"].map(home.read));
    await writeFile(join(home.folder, "latchkey.json"), JSON.stringify(elsewhere));
    const { code, stderr } = await home.run("render", "nginx", "--out", home.folder);
    expect(code).toBe(1);
    expect(stderr).toContain("host not found in upstream");
    expect(await Promise.all(["nginx.conf", "keys.nginx"].map(home.read))).toStrictEqual(before);
    expect(await statusWith(home.url, await home.appKey())).toBe(200);
  });
});

describe.skipIf(parts.caddy === undefined)("the door of up", () => {
  it("takes new keys while it runs, and ends the old one", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const home = await makeHome("caddy");
    cleanup.defer(() => home.close());
    // Meant for others: what up runs is another door, and leaves it alone.
    const meant = JSON.stringify({
      tls: "automatic",
      name: "door.example.com",
      listen: { address: "0.0.0.0" },
    });
    await writeFile(join(home.folder, "latchkey.json"), meant);
    const claimed = await claim(home.folder);
    const caddy = await findCaddy({ env: home.env });
    if (!("own" in claimed) || caddy === undefined) throw new Error("No folder, or no Caddy");
    const household = createHousehold(home.folder, claimed.own);
    cleanup.defer(async () => {
      await household.close();
      removeLedger(home.folder);
    });
    const { signal } = new AbortController();
    const key = await readOrMakeSecret(home.folder, "door-key");
    const place = {
      root: ROOT,
      home: home.folder,
      env: home.env,
      household,
      progress: createProgress(new PassThrough().resume(), { isStyled: false, signal }),
      person: { agrees: () => Promise.resolve(undefined) },
      signal,
      watching: { say: () => undefined, onBack: () => undefined },
    };
    const url = await startDoor(place, caddy, { named: undefined, engineUrl: echo.url, key });
    expect(await home.read("latchkey.json")).toBe(meant);

    const { code } = await home.run("keys", "rotate", "app", "--grace", "0.02");
    expect(code).toBe(0);
    expect(await statusWith(url, await home.appKey())).toBe(200);
    await waitUntil("the old key to be refused", async () => (await statusWith(url, key)) === 401);
    expect(JSON.parse(await home.read("latchkey.json"))).toMatchObject({
      name: "door.example.com",
    });
    expect((await home.run("keys", "add", "phone")).code).toBe(0);
    expect(await home.read("Caddyfile")).toContain("phone");
    expect(await home.read("Caddyfile")).not.toContain("door.example.com");
  });
});

it("says that a folder without a description holds no door", async () => {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-empty-"));
  await expect(startDetached(folder, process.env)).rejects.toMatchObject({
    message: "There is no latchkey.json, which tells what the door is to be.",
    fix: "Make one: npm run latchkey -- init",
  });
  await rm(folder, { recursive: true });
});
