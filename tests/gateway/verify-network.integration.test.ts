/** The line to the door: real handshakes, and who else listens. */
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caddyEnvironment } from "../../gateway/caddy.ts";
import { startChild } from "../helpers/child.ts";
import { startDoor } from "../helpers/door.ts";
import { startEcho } from "../helpers/echo.ts";
import { freePort } from "../helpers/free-port.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";
import { KEY, lookAt, subjectFor } from "./verify-door.ts";

describe.skipIf(parts.caddy === undefined)("a door with a certificate of its own", () => {
  const stack = new AsyncDisposableStack();
  let port = 0;
  let root = "";
  let otherRoot = "";

  async function openTlsDoor(at: number): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "latchkey-verify-tls-"));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const options =
      "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n\tdefault_sni localhost\n}\n";
    const site = `https://localhost:${at} {\n\tbind 127.0.0.1\n\ttls internal\n\trespond 401\n}\n`;
    await writeFile(join(folder, "Caddyfile"), options + site);
    const caddy = parts.caddy ?? "";
    const child = await startChild([caddy, "run", "--config", "Caddyfile"], {
      cwd: folder,
      env: caddyEnvironment(folder, process.env),
    });
    stack.defer(() => child.close());
    const file = join(folder, "caddy/data/caddy/pki/authorities/local/root.crt");
    return waitUntil("the root", () => readFile(file, "utf8").catch(() => undefined));
  }

  beforeAll(async () => {
    port = await freePort();
    root = await openTlsDoor(port);
    otherRoot = await openTlsDoor(await freePort());
    await waitUntil("the handshake", async () => (await tls(root)).ok === true);
  });
  afterAll(() => stack.disposeAsync());

  async function meetDoor(authority: string | undefined, host = "localhost") {
    return subjectFor(`https://${host}:${port}`, { authority }, { reach: "beyond" });
  }
  const tls = async (authority: string | undefined, host?: string) =>
    lookAt("tls", await meetDoor(authority, host));

  it("is good with its root pinned, and refused with none, another, or for another name", async () => {
    expect(await tls(root)).toMatchObject({ ok: true, seen: expect.stringContaining("pinned") });
    expect((await tls(undefined)).ok).toBe(false);
    expect((await tls(otherRoot)).fix).toContain("it is another's now");
    expect((await tls(root, "127.0.0.1")).ok).toBe(false);
    const here = { ...(await meetDoor(undefined)), reach: "loopback" as const };
    expect((await lookAt("tls", here)).ok).toBe(null);
  });

  it("gets the right key only where its certificate is trusted", async () => {
    expect((await lookAt("right-key", await meetDoor(root))).seen).toBe("answered 401");
    const check = await lookAt("right-key", await meetDoor(otherRoot));
    expect(check).toMatchObject({ ok: null, seen: expect.stringContaining("not trusted") });
    expect((await lookAt("no-key", await meetDoor(otherRoot))).ok).toBe(true);
  });

  it("asks for no key in clear", async () => {
    expect((await lookAt("clear-text", await meetDoor(root))).ok).toBe(true);
  });
});

const canSee = process.platform === "linux" && parts.caddy !== undefined;

describe.skipIf(!canSee)("who listens on the door's port", () => {
  it("is one program, and two are told by their names", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const door = await startDoor({ ollamaUrl: echo.url, key: KEY });
    cleanup.defer(() => door.close());
    const look = async () => lookAt("one-listener", await subjectFor(door.url));
    expect(await look()).toMatchObject({ ok: true, seen: "one socket, on 127.0.0.1" });

    const stranger = createServer();
    stranger.listen({ port: door.port, host: "127.0.0.1", reusePort: true });
    await once(stranger, "listening");
    const check = await look();
    stranger.close();
    expect(check.ok).toBe(false);
    expect(check.seen).toMatch(/^2 listen: .*\(process \d+\), .*\(process \d+\)$/);
    expect(check.seen).toContain("caddy");
    expect(check.seen).toContain(`(process ${process.pid})`);
  });
});
