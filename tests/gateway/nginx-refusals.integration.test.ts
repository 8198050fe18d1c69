import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startEcho } from "../helpers/echo.ts";
import { freePort } from "../helpers/free-port.ts";
import { knock } from "../helpers/knock.ts";
import { startNginxDoor } from "../helpers/nginx-door.ts";
import { parts } from "../helpers/parts.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const KEY = randomBytes(32).toString("hex");
const withKey = `X-API-Key: ${KEY}`;

describe.skipIf(parts.nginx === undefined)("what nginx refuses by itself", () => {
  const post = { method: "POST", target: "/api/chat" };

  it("answers an empty 502 when nothing answers behind it", async () => {
    const ollamaUrl = `http://127.0.0.1:${await freePort()}`;
    await using cleanup = new AsyncDisposableStack();
    const door = await startNginxDoor({ ollamaUrl, key: KEY });
    cleanup.defer(() => door.close());
    const { status, body } = await knock(door.port, { target: "/api/tags", headers: [withKey] });
    expect({ status, body }).toEqual({ status: 502, body: "" });
  });

  it("refuses a body of more than 32 MB unread, and passes one of 4.4 MB", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const door = await startNginxDoor({ ollamaUrl: echo.url, key: KEY });
    cleanup.defer(() => door.close());
    for (const announced of [32_000_000, 99_999_999_999]) {
      const headers = [withKey, `Content-Length: ${announced}`];
      const { status, body } = await knock(door.port, { ...post, headers });
      expect({ status, body }).toEqual({ status: 413, body: "" });
    }
    expect(echo.requests).toEqual([]);
    const body = "x".repeat(4_400_000);
    expect((await knock(door.port, { ...post, headers: [withKey], body })).status).toBe(200);
    expect(echo.requests[0]?.body.length).toBe(body.length);
  });

  it("refuses a body that turns out larger than was said, to the byte", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const spec = { limits: { bodyMegabytes: 1 } };
    const door = await startNginxDoor({ ollamaUrl: echo.url, key: KEY, spec });
    cleanup.defer(() => door.close());
    const status = async (bytes: number): Promise<number> => {
      const headers = { "x-api-key": KEY, "transfer-encoding": "chunked" };
      const outgoing = request(`${door.url}/api/chat`, { method: "POST", headers, agent: false });
      const answered = once(outgoing, "response");
      outgoing.end("x".repeat(bytes));
      const [incoming]: unknown[] = await answered;
      outgoing.destroy();
      return incoming instanceof IncomingMessage ? (incoming.statusCode ?? 0) : 0;
    };
    expect([await status(999_999), await status(1_000_000)]).toEqual([200, 413]);
    expect(echo.requests.length).toBe(1);
  });

  it("never passes on a body that was cut off", async () => {
    await using cleanup = new AsyncDisposableStack();
    const echo = await startEcho();
    cleanup.defer(() => echo.close());
    const door = await startNginxDoor({ ollamaUrl: echo.url, key: KEY });
    cleanup.defer(() => door.close());
    const socket = connect(door.port, "127.0.0.1");
    await once(socket, "connect");
    const head = ["POST /api/chat HTTP/1.1", "Host: a", withKey, "Content-Length: 10"].join("\r\n");
    socket.end(`${head}\r\n\r\n12345`);
    const log = join(door.directory, "access.log");
    await waitUntil("the cut request in the log", async () =>
      (await readFile(log, "utf8")).includes("/api/chat"),
    );
    expect(echo.requests).toEqual([]);
  });

  it("lets no connection become something else, which no list of paths would apply to", async () => {
    await using cleanup = new AsyncDisposableStack();
    let asked = 0;
    const upstream = createServer((_, outgoing) => {
      asked += 1;
      outgoing.end("{}");
    });
    upstream.listen(0, "127.0.0.1");
    await once(upstream, "listening");
    cleanup.defer(() => void upstream.close());
    const address = upstream.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const door = await startNginxDoor({ ollamaUrl: `http://127.0.0.1:${port}`, key: KEY });
    cleanup.defer(() => door.close());
    const headers = [withKey, "Connection: Upgrade", "Upgrade: echo"];
    expect((await knock(door.port, { target: "/api/tags", headers })).status).toBe(404);
    expect(asked).toBe(0);
    expect((await knock(door.port, { target: "/api/tags", headers: [withKey] })).status).toBe(200);
  });
});
