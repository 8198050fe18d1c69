/** The pinned root: a real Caddy with certificates of its own, as `tls internal` makes them. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RelayError } from "../../lib/errors.ts";
import { callDoorForJson } from "../../lib/upstream.ts";
import { startChild } from "../helpers/child.ts";
import { freePort } from "../helpers/free-port.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";
import { configFor } from "./door-config.ts";

describe.skipIf(parts.caddy === undefined)("a door with a certificate of its own", () => {
  const stack = new AsyncDisposableStack();
  let port = 0;
  let root = "";
  let otherRoot = "";

  /** A Caddy that answers `{}` over TLS; its root certificate. */
  async function openTlsDoor(at: number): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "latchkey-tls-"));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const site = `https://localhost:${at} {\n\tbind 127.0.0.1\n\ttls internal\n\trespond "{}"\n}\n`;
    const options = "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n";
    await writeFile(join(folder, "Caddyfile"), options + site);
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
    };
    const child = await startChild(
      [parts.caddy ?? "", "run", "--adapter", "caddyfile", "--config", "Caddyfile"],
      { cwd: folder, env },
    );
    stack.defer(() => child.close());
    const file = join(folder, "caddy/pki/authorities/local/root.crt");
    return waitUntil("the root certificate", () => readFile(file, "utf8").catch(() => undefined));
  }

  beforeAll(async () => {
    port = await freePort();
    root = await openTlsDoor(port);
    otherRoot = await openTlsDoor(await freePort());
    await waitUntil("the handshake", async () => (await ask(root)) === "{}");
  });
  afterAll(() => stack.disposeAsync());

  async function ask(authority?: string, host = "localhost"): Promise<string> {
    const more = authority === undefined ? {} : { OLLAMA_CA: authority };
    const config = configFor(`https://${host}:${port}`, more);
    const call = { method: "GET", path: "/api/tags", signal: AbortSignal.timeout(5_000) } as const;
    try {
      return JSON.stringify(await callDoorForJson(config, call));
    } catch (thrown) {
      if (thrown instanceof RelayError) return thrown.code;
      throw thrown;
    }
  }

  it("is trusted by its own root, as PEM or as base64 of it", async () => {
    expect(await ask(root)).toBe("{}");
    expect(await ask(Buffer.from(root).toString("base64"))).toBe("{}");
  });

  it("is refused with the error of its own without that root, or with another", async () => {
    expect(await ask()).toBe("door_tls");
    expect(await ask(otherRoot)).toBe("door_tls");
  });
});
