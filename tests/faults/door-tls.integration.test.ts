/** A door whose certificate another root has signed, in every dialect: a real Caddy with a root of its own. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, rootCertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "../helpers/child.ts";
import { freePort } from "../helpers/free-port.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";
import { DIALECTS } from "./dialects.ts";
import { answerOf, commonOutcome } from "./outcome.ts";
import { openRelay } from "./relay.ts";
import { faultTable } from "./report.ts";

const addRow = faultTable("A door with another root", ["outcome"]);

function canShakeHands(port: number, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "localhost", servername: "localhost", ca }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

describe.skipIf(parts.caddy === undefined)("a door with a certificate of its own", () => {
  const stack = new AsyncDisposableStack();
  let url = "";
  let root = "";

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "latchkey-faults-"));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const port = await freePort();
    url = `https://localhost:${port}`;
    const options = "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n";
    const site = `${url} {\n\tbind 127.0.0.1\n\ttls internal\n\trespond 401\n}\n`;
    await writeFile(join(folder, "Caddyfile"), options + site);
    const env = { PATH: process.env["PATH"] ?? "", HOME: folder };
    const caddy = await startChild(
      [parts.caddy ?? "", "run", "--adapter", "caddyfile", "--config", "Caddyfile"],
      { cwd: folder, env: { ...env, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder } },
    );
    stack.defer(() => caddy.close());
    const file = join(folder, "caddy/pki/authorities/local/root.crt");
    root = await waitUntil("the root", () => readFile(file, "utf8").catch(() => undefined));
    await waitUntil("the handshake", () => canShakeHands(port, root));
  });
  afterAll(() => stack.disposeAsync());

  async function ask(authority: string | undefined): Promise<string> {
    const relay = await openRelay(url, authority === undefined ? {} : { OLLAMA_CA: authority });
    const answers = await Promise.all(DIALECTS.map((dialect) => answerOf(relay, dialect)));
    return commonOutcome(answers);
  }

  const ownRoot = (): string => root;
  it.each([
    ["without OLLAMA_CA", undefined, "502 door_tls"],
    ["with somebody else's root", () => rootCertificates[0], "502 door_tls"],
    ["with its own root, as far as the lock", ownRoot, "502 door_refused_key"],
  ] as const)("%s", async (how, authority, expected) => {
    const outcome = await ask(authority?.());
    addRow([how, outcome]);
    expect(outcome).toBe(expected);
  });
});
