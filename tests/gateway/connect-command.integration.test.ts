/** `latchkey connect` as a person runs it, and the real `ollama` command through it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDemoEngine } from "../../gateway/demo/server.ts";
import { startChild } from "../helpers/child.ts";
import { ROOT } from "../helpers/copy-tree.ts";
import { freePort } from "../helpers/free-port.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const KEY = "Kx7-q_R2Zt5vB8nM1cW4jL6hP9dG3fS0";
const HTML = { "content-type": "text/html" };
const JSON_TYPE = { "content-type": "application/json" };
const REDRAWN = "\u001B[2K\u001B[A";

let stack: AsyncDisposableStack;
let home: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  home = await mkdtemp(join(tmpdir(), "latchkey-connect-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  await writeFile(join(home, "access-key"), `${KEY}\n`, { mode: 0o600 });
});
afterEach(() => stack.disposeAsync());

/** An app's address; what it answers is the test's. */
async function app(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

/** An app that knows the key and has two models; the rest is another's. */
const lockedApp = (answer: RequestListener): Promise<string> =>
  app((incoming, outgoing) => {
    if (incoming.headers.authorization !== `Bearer ${KEY}`) {
      outgoing.writeHead(401, JSON_TYPE).end('{"error":{"message":"No.","fix":"No."}}');
    } else if (incoming.url === "/api/models") {
      outgoing.writeHead(200, JSON_TYPE).end('{"models":[{},{}],"default":"qwen3:0.6b"}');
    } else {
      answer(incoming, outgoing);
    }
  });

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [join(ROOT, "gateway/cli.ts"), "connect", ...args], {
    env: { LATCHKEY_HOME: home, NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece: Buffer) => {
      output += piece.toString();
    });
  }
  const ended = once(child, "close").then(() => child.exitCode);
  stack.defer(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { child, output: () => output, ended };
}

/** Where it listens, once it says so. */
function place({ child, output }: Run): Promise<string> {
  return waitUntil("the connector to say where it is", () => {
    if (child.exitCode !== null) throw new Error(`It ended:\n${output()}`);
    return /^Ollama is at (http:\S+)$/mu.exec(output())?.[1];
  });
}

describe("latchkey connect", () => {
  it("says what it found and how to use it, adds the key, and never shows it", async () => {
    const url = await lockedApp((incoming, outgoing) => outgoing.end(incoming.url));
    const run = start([url, "--port", String(await freePort())]);
    const here = await place(run);
    const lines = run.output().replaceAll(here, "HERE").replaceAll(new URL(here).host, "HOST");
    expect(lines.replaceAll(url, "APP")).toMatchInlineSnapshot(`
      "Connected to APP (2 models).
      Ollama is at HERE
        OLLAMA_HOST=HOST ollama run qwen3:0.6b
      OpenAI's clients: HERE/v1
      Every program on this computer can use it. Ctrl-C ends it.
      "
    `);
    expect(await (await fetch(`${here}/api/tags`)).text()).toBe("/ollama/api/tags");
    expect(run.output()).not.toContain(KEY);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends well and at once on %s", async (signal) => {
    let isLeft = false;
    const url = await lockedApp((_, outgoing) => {
      outgoing.write("piece");
      outgoing.once("close", () => {
        isLeft = true;
      });
    });
    const run = start([url, "--port", String(await freePort())]);
    const response = await fetch(`${await place(run)}/api/generate`, {
      method: "POST",
      body: "{}",
    });
    const broken = response.text().catch(() => "broken");
    const before = performance.now();
    run.child.kill(signal);
    expect(await run.ended).toBe(0);
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(await broken).toBe("broken");
    await waitUntil("the app's side to close", () => isLeft);
  });

  it("ends well before it could say anything", async () => {
    let isAsked = false;
    const url = await app(() => {
      isAsked = true;
    });
    const run = start([url, "--port", String(await freePort())]);
    await waitUntil("the app to be asked", () => isAsked);
    run.child.kill("SIGTERM");
    expect([await run.ended, run.output()]).toStrictEqual([0, ""]);
  });

  it("finds a port itself when none is named, and takes the key of a variable", async () => {
    await rm(join(home, "access-key"));
    const url = await lockedApp((_, outgoing) => outgoing.end());
    const here = await place(start([url, "--key-env", "MY_KEY"], { MY_KEY: KEY }));
    expect(Number(new URL(here).port)).toBeGreaterThanOrEqual(11_434);
  });

  const wrong: readonly (readonly [string, RequestListener, string, string])[] = [
    [
      "the key is wrong",
      (_, outgoing) =>
        outgoing.writeHead(401, JSON_TYPE).end(`{"error":{"message":"${KEY}","fix":"No."}}`),
      "That key is not known to the app.",
      "access add NAME",
    ],
    [
      "it is the door, which refuses without a word",
      (_, outgoing) => outgoing.writeHead(401).end(),
      "it looks like the door.",
      "Give the app's address: http://127.0.0.1:3999.",
    ],
    [
      "it is a web page",
      (_, outgoing) => outgoing.writeHead(200, HTML).end(`<p>${KEY}`),
      "The app at APP_URL is no Latchkey",
      "Correct APP_URL",
    ],
    [
      "it leads elsewhere",
      (_, outgoing) => outgoing.writeHead(302, { location: `/?${KEY}` }).end(),
      "The app at APP_URL is no Latchkey",
      "Correct APP_URL",
    ],
    [
      "it says what no app says",
      (_, outgoing) => outgoing.writeHead(404, JSON_TYPE).end(`{"detail":"${KEY}"}`),
      "The app at APP_URL is no Latchkey",
      "Correct APP_URL",
    ],
  ];
  it.each(wrong)("ends with what to do when %s", async (_, answer, sentence, fix) => {
    await writeFile(join(home, "running.json"), '{"app":"http://127.0.0.1:3999"}');
    const run = start([await app(answer), "--port", String(await freePort())]);
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain(sentence);
    expect(run.output()).toContain(fix);
    expect(run.output()).not.toContain("Ollama is at");
    expect(run.output()).not.toContain(KEY);
  });

  it("tells what the app itself says is wrong, and stays for when it is well again", async () => {
    const message = `Home${REDRAWN} does not answer to ${KEY}.`;
    const error = JSON.stringify({ error: { message, fix: "Wake it up." } });
    const url = await app((_, outgoing) => outgoing.writeHead(502, JSON_TYPE).end(error));
    const run = start([url, "--port", String(await freePort())]);
    await place(run);
    expect(run.output()).toContain("does not answer to (the key).\nWake it up.\n");
    expect(run.output()).not.toContain("\u001B");
  });

  it("stays when nobody listens yet", async () => {
    const run = start([`http://127.0.0.1:${await freePort()}`, "--port", String(await freePort())]);
    await place(run);
    expect(run.output()).toContain("The app does not run: nobody listens at its address.\nStart");
    expect(run.output()).toContain("ollama run MODEL\n");
    expect(run.output()).toContain(
      "\nWaiting for the app; meanwhile programs get an error. Ctrl-C",
    );
    expect(run.output()).not.toContain("Every program");
  });

  it("names a port that is taken, and warns of a key in clear before it goes anywhere", async () => {
    const { port } = new URL(await app(() => undefined));
    const run = start(["http://10.0.0.1", "--port", port]);
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain("The key crosses the network in clear");
    expect(run.output()).toContain(`Port ${port} is taken by`);
    expect(run.output()).toContain("choose another --port.");
    expect(run.output()).not.toContain(KEY);
  });
});

describe.skipIf(parts.caddy === undefined)("an app behind https", () => {
  it("is reached when its root is trusted, and told apart when it is not", async () => {
    const folder = await mkdtemp(join(tmpdir(), "latchkey-connect-tls-"));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const url = `https://localhost:${await freePort()}`;
    const plain = await lockedApp((incoming, outgoing) => outgoing.end(incoming.url));
    const options = "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n";
    const site = `${url} {\n\tbind 127.0.0.1\n\ttls internal\n\treverse_proxy ${plain}\n}\n`;
    await writeFile(join(folder, "Caddyfile"), options + site);
    const caddy = await startChild(
      [parts.caddy ?? "", "run", "--adapter", "caddyfile", "--config", "Caddyfile"],
      { cwd: folder, env: { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder } },
    );
    stack.defer(() => caddy.close());
    const root = join(folder, "caddy/pki/authorities/local/root.crt");
    await waitUntil("the root certificate", () => readFile(root).catch(() => undefined));
    const port = String(await freePort());
    const trusting = await waitUntil("the handshake", async () => {
      const run = start([url, "--port", port], { NODE_EXTRA_CA_CERTS: root });
      const here = await place(run);
      if (run.output().includes("Connected")) return { run, here };
      run.child.kill("SIGTERM");
      await run.ended;
      return undefined;
    });
    expect(await (await fetch(`${trusting.here}/v1/models`)).text()).toBe("/v1/models");
    const doubting = start([url, "--port", String(await freePort())]);
    await place(doubting);
    expect(doubting.output()).toContain("No trusted https connection to the app comes about");
  });
});

describe.skipIf(parts.ollama === undefined)("the ollama command", () => {
  it("lists models and has one answer through it", async () => {
    const engine = await startDemoEngine({ controls: { loadMs: 0, tokens: 60 } });
    stack.defer(() => engine.close());
    const url = await lockedApp((incoming, outgoing) => {
      const path = /^\/ollama(.*)$/u.exec(incoming.url ?? "")?.[1] ?? "/elsewhere";
      const { method, headers } = incoming;
      const target = `${engine.url}${path}`;
      const upstream = request(target, { method, headers, agent: false }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(upstream);
    });
    const here = await place(start([url, "--port", String(await freePort())]));
    const ollama = (...args: readonly string[]): Promise<string> =>
      new Promise((resolve, reject) => {
        const env = { OLLAMA_HOST: new URL(here).host, HOME: home, NODE_ENV: "test" } as const;
        const child = execFile(parts.ollama ?? "", args, { env }, (error, stdout) => {
          if (error === null) resolve(stdout);
          else reject(error);
        });
        child.stdin?.end();
      });
    expect(await ollama("list")).toContain("latchkey-demo:latest");
    expect(await ollama("run", "latchkey-demo", "Hello")).toContain("Hello from the demo engine");
  });
});
