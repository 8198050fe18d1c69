import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, request, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adaptNginx } from "../../gateway/verify/adapt-nginx.ts";
import { NotTelling, reasonOf } from "../../gateway/verify/check.ts";
import type { ConfigRun } from "../../gateway/verify/config-run.ts";
import { startEcho } from "../../gateway/verify/echo.ts";
import { refuseIncludes } from "../../gateway/verify/nginx-includes.ts";
import { KEY, lookAt, startFakeDoor, subjectFor } from "./verify-door.ts";

/** What is wrong with the copy of a config: a small proxy that is good but for these. */
interface Faults {
  readonly handsOn?: readonly string[];
  readonly handsOnHost?: boolean;
  /** Goes on behind a caller that has left. */
  readonly ignoresStop?: boolean;
  /** Milliseconds of silence that it bears. */
  readonly bears?: number;
  readonly logs?: { readonly access: string; readonly error: string };
  readonly rotates?: boolean;
}

const KEPT = ["x-api-key", "cookie", "origin", "referer", "x-forwarded-for", "x-real-ip"];

function headersFor(headers: IncomingHttpHeaders, to: string, faults: Faults): IncomingHttpHeaders {
  const kept = new Set(KEPT.filter((name) => faults.handsOn?.includes(name) !== true));
  const passed = Object.entries(headers).filter(([name]) => !kept.has(name));
  const host = faults.handsOnHost === true ? headers.host : to;
  return { ...Object.fromEntries(passed), host };
}

/** Runs one check with a config whose copy has these faults; the door itself is good. */
async function look(name: string, faults: Faults = {}, silenceMs = 300) {
  await using cleanup = new AsyncDisposableStack();
  const echo = await startEcho(silenceMs);
  cleanup.defer(() => echo.close());
  const proxy = createServer((incoming, outgoing: ServerResponse) => {
    const { method, url: path, headers } = incoming;
    const upward = request(
      `http://${echo.address}`,
      { method, path, headers: headersFor(headers, echo.address, faults) },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 0);
        answer.on("error", () => outgoing.destroy());
        answer.pipe(outgoing);
      },
    );
    if (faults.bears !== undefined) upward.setTimeout(faults.bears, () => upward.destroy());
    upward.on("error", () => void outgoing.writeHead(504).end());
    outgoing.once("close", () => faults.ignoresStop !== true && upward.destroy());
    incoming.pipe(upward);
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  cleanup.defer(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  const address = proxy.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const run: ConfigRun = {
    server: "caddy",
    target: { url: new URL(`http://127.0.0.1:${port}`) },
    echo,
    rotates: faults.rotates,
    logs: () => Promise.resolve(faults.logs ?? { access: "GET 401", error: "" }),
    close: () => Promise.resolve(),
  };
  const door = await startFakeDoor();
  cleanup.defer(() => door.close());
  const known = { configFile: "Caddyfile", isSlow: true, silenceMs };
  return await lookAt(name, await subjectFor(door.url, known, { config: Promise.resolve(run) }));
}

const leak = `{"request":{"headers":{"X-Api-Key":["${KEY}"]}}}`;

const RED: readonly (readonly [name: string, faults: Faults, seen: string])[] = [
  ["host-rewritten", { handsOnHost: true }, "door.example was handed on"],
  ["key-kept", { handsOn: ["x-api-key"] }, "handed on in x-api-key"],
  ["cookies-kept", { handsOn: ["cookie"] }, "cookie was handed on"],
  ["origin-kept", { handsOn: ["origin"] }, "origin was handed on"],
  ["address-true", { handsOn: ["x-forwarded-for"] }, "a forged x-forwarded-for"],
  ["stop-passed-on", { ignoresStop: true }, "before the first word does not reach"],
  ["silence", { bears: 100 }, "before the first word: answered 504; amid a reply"],
  ["log-written", { logs: { access: "", error: "" } }, "logs no request"],
  ["log-rotated", { rotates: false }, "puts no file aside"],
  ["log-key-free", { logs: { access: leak, error: "" } }, "the right key in X-Api-Key"],
  ["error-log-key-free", { logs: { access: "GET", error: leak } }, "the right key in X-Api-Key"],
];

describe("with a config", () => {
  it.each(RED)("%s is red where that is wrong", async (name, faults, seen) => {
    const check = await look(name, faults);
    expect(check.ok).toBe(false);
    expect(check.seen).toContain(seen);
    expect(JSON.stringify(check)).not.toContain(KEY);
  });

  it.each(RED.map(([name]) => name))("%s is green where it is right", async (name) => {
    expect(await look(name, { rotates: true })).toMatchObject({ ok: true });
  });
});

describe("the echo", () => {
  it("does not wait for ever for what is not handed on", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho(10, 50);
    cleanup.defer(() => echo.close());
    await expect(echo.arrival("x", AbortSignal.abort())).rejects.toThrow(NotTelling);
    await expect(echo.arrival("x", new AbortController().signal)).rejects.toThrow(NotTelling);
  });
});

describe("a configuration of nginx", () => {
  const turn = (text: string) =>
    adaptNginx(text, { file: "/etc/x/site.conf", ports: [1001, 1002], echo: "127.0.0.1:9" });

  it("gets other ports, logs and an echo behind it", () => {
    const { text, port, host } = turn(`
      upstream gpu { server 10.0.0.1:11434; server 10.0.0.2:11434; keepalive 4; }
      server { listen 80; return 301 https://home.example; }
      server {
        listen 443 ssl; listen [::]:443 ssl; http2 on;   # a comment; with { signs }
        server_name home.example;
        ssl_certificate /etc/ssl/x.pem;
        access_log /var/log/x.log json;
        include keys.nginx;
        location /api/ { if ($http_x_api_key != "a;b{c") { return 401 "no; {way}"; }
          proxy_pass http://gpu; }
        location /v1/ { proxy_pass http://127.0.0.1:11434/v1/; }
      }`);
    expect({ port, host }).toEqual({ port: 1002, host: "home.example" });
    expect(text).toContain("upstream gpu {\nserver 127.0.0.1:9;\nkeepalive 4 ;");
    expect(text).toContain("listen 127.0.0.1:1002;");
    expect(text.match(/listen /g)).toHaveLength(2);
    expect(text).not.toMatch(/ssl|http2|10\.0\.0|443/);
    expect(text).toContain("access_log logs/access.log json ;");
    expect(text).toContain('include "/etc/x/keys.nginx" ;');
    expect(text).toContain('if ($http_x_api_key != "a;b{c" ) {\nreturn 401 "no; {way}" ;');
    expect(text).toContain("proxy_pass http://gpu ;");
    expect(text).toContain("proxy_pass http://127.0.0.1:9/v1/ ;");
  });

  it("knows a directive by its quoted name", () => {
    const { text } = turn('server { "listen" 80; "proxy_pass" http://10.0.0.1; }');
    expect(text).toContain("listen 127.0.0.1:1001;");
    expect(text).toContain("proxy_pass http://127.0.0.1:9 ;");
  });

  it.each([
    ['"0123" 1; # listen', true],
    ["text/html html;", true],
    ["listen 80;", false],
    ["location / { proxy_pass http://x; }", false],
    ['"access_log" /var/log/x;', false],
    ["server { }", false],
    ["include more;", false],
  ])("that includes %j may be run: %s", async (text, isRun) => {
    await using cleanup = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "latchkey-include-"));
    cleanup.defer(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "part"), text);
    const include = (what: string): Promise<string> =>
      refuseIncludes(`include ${what};`, join(folder, "nginx.conf")).then(() => "run", reasonOf);
    const refused = "it includes other files, which would be run as they are";
    expect(await include("part")).toBe(isRun ? "run" : refused);
    expect(await include("p*")).toBe(refused);
    expect(await include("nothing")).toBe(refused);
  });

  it("without a door in it is said to be none", () => {
    expect(() => turn("server { listen 80; return 404; }")).toThrow("no server with a proxy_pass");
  });
});
