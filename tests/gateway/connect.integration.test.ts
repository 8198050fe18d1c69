import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import { connect, createServer as createSocketServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { requestApp } from "../../gateway/connect/app-request.ts";
import { type Connector, startConnector } from "../../gateway/connect/connector.ts";
import { failureOf } from "../../gateway/connect/failures.ts";
import { startEcho } from "../helpers/echo.ts";
import { freePort } from "../helpers/free-port.ts";
import { knock } from "../helpers/knock.ts";
import { waitUntil } from "../helpers/wait-until.ts";

const KEY = "Kx7-q_R2Zt5vB8nM1cW4jL6hP9dG3fS0";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function connector(appUrl: string): Promise<Connector> {
  const started = await startConnector({ appUrl, key: KEY, port: 0 });
  cleanups.push(() => started.close());
  return started;
}

/** A connector before an app that answers so. */
async function before(answer: (outgoing: ServerResponse, incoming: IncomingMessage) => void) {
  const server = createServer((incoming, outgoing) => {
    answer(outgoing, incoming);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return connector(`http://127.0.0.1:${port}`);
}

async function echo() {
  const started = await startEcho();
  cleanups.push(() => started.close());
  return { ...started, connector: await connector(started.url) };
}

/** What came of an answer so far, and how it ended. */
function follow(response: IncomingMessage) {
  const seen = { text: "", end: "open" };
  response.setEncoding("utf8");
  response.on("data", (piece: string) => {
    seen.text += piece;
  });
  response.once("end", () => {
    seen.end = "complete";
  });
  response.once("error", () => {
    seen.end = "broken";
  });
  return seen;
}

interface Ask {
  readonly method?: string;
  readonly headers?: IncomingHttpHeaders;
}

/** Begins a request; its caller writes the body and waits for the answer. */
function ask(url: string, { method = "POST", headers = {} }: Ask = {}) {
  const outgoing = request(url, { method, headers, agent: false });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve).once("error", reject);
  });
  outgoing.on("error", () => undefined);
  return { outgoing, answered };
}

describe("a request", () => {
  it("comes to the app whole, with the key and nothing else that opens anything", async () => {
    const { connector: here, requests } = await echo();
    await knock(here.port, {
      method: "POST",
      target: "/api/chat?a=%20b",
      headers: [
        "Authorization: Bearer ollama",
        "Authorization: Bearer another",
        "X-API-Key: mine",
        "Cookie: latchkey=old",
        "Referer: http://127.0.0.1/",
        "Connection: X-Hop",
        "X-Hop: 1",
        "Content-Type: application/json",
      ],
      body: '{"model":"m"}',
    });
    const [seen] = requests;
    expect(seen).toMatchObject({
      method: "POST",
      target: "/ollama/api/chat?a=%20b",
      body: '{"model":"m"}',
    });
    const headers = new Map(seen?.headers);
    expect(seen?.headers.filter(([name]) => name === "authorization")).toStrictEqual([
      ["authorization", `Bearer ${KEY}`],
    ]);
    expect(headers.get("host")).not.toBe(`127.0.0.1:${here.port}`);
    expect(headers.get("content-type")).toBe("application/json");
    for (const name of ["x-api-key", "cookie", "referer", "x-hop"]) {
      expect([name, headers.has(name)]).toStrictEqual([name, false]);
    }
  });

  it("keeps its body apart from what follows, with a method that rarely has one", async () => {
    const { connector: here, requests } = await echo();
    const body = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const socket = connect(here.port, "127.0.0.1");
    socket.write(
      `DELETE /api/delete HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
        `Transfer-Encoding: chunked\r\n\r\n${chunked}`,
    );
    await text(socket);
    expect(requests.map(({ target, body: came }) => [target, came])).toStrictEqual([
      ["/ollama/api/delete", body],
    ]);
  });

  it.each([["GET", "/v1/models/hf.co%2Fa%2Fb", "/v1/models/hf.co%2Fa%2Fb"]])(
    "%s %s is %s at the app",
    async (method, target, path) => {
      const { connector: here, requests } = await echo();
      const { status } = await knock(here.port, { method, target });
      expect(status).toBe(200);
      expect(requests.map((one) => [one.method, one.target])).toStrictEqual([[method, path]]);
    },
  );

  it.each(["HEAD", "GET"])(
    "%s / is answered here: the ollama command asks it first",
    async (method) => {
      const { connector: here, requests } = await echo();
      const { status, body } = await knock(here.port, { method, target: "/" });
      expect(status).toBe(200);
      expect(body).toBe(method === "HEAD" ? "" : "Ollama is running");
      expect(requests).toStrictEqual([]);
    },
  );

  it.each(["/ollama/api/tags", "/api/%2e%2e/%2e%2e/api/session", "/v1/../api/session", "/x", "*"])(
    "to %s goes nowhere",
    async (target) => {
      const { connector: here, requests } = await echo();
      const { status, body } = await knock(here.port, { target });
      expect(status).toBe(404);
      expect(JSON.parse(body)).toStrictEqual({ error: expect.stringMatching(/\S/u) });
      expect(requests).toStrictEqual([]);
    },
  );

  it("of a page gets an empty 403 and never comes to the app", async () => {
    const { connector: here, requests } = await echo();
    const preflight = "Access-Control-Request-Private-Network: true";
    const knocks = [
      { target: "/api/tags", headers: ["Origin: https://example.org"] },
      { target: "/api/tags", headers: ["Origin: null"] },
      { target: "/api/tags", headers: ["Sec-Fetch-Site: cross-site"] },
      { target: "/api/tags", method: "OPTIONS", headers: ["Origin: http://localhost", preflight] },
    ];
    for (const one of knocks) {
      const { status, head, body } = await knock(here.port, one);
      expect([status, body]).toStrictEqual([403, ""]);
      expect(head).not.toMatch(/access-control/iu);
    }
    const foreign = ask(`${here.url}/api/tags`, { headers: { host: "rebound.example:11434" } });
    foreign.outgoing.end();
    expect((await foreign.answered).statusCode).toBe(403);
    expect(requests).toStrictEqual([]);
  });
});

describe("an answer", () => {
  it("comes with its status, headers and body", async () => {
    const here = await before((outgoing) => {
      outgoing.writeHead(429, { "retry-after": "7", "content-type": "application/json" });
      outgoing.end('{"error":"slowly"}');
    });
    const response = await fetch(`${here.url}/api/tags`);
    expect([response.status, response.headers.get("retry-after")]).toStrictEqual([429, "7"]);
    expect(await response.text()).toBe('{"error":"slowly"}');
  });

  it("comes piece by piece, its head first, while the app is still at work", async () => {
    let app: ServerResponse | undefined;
    const here = await before((outgoing) => {
      outgoing.writeHead(200, { "content-type": "application/x-ndjson" });
      outgoing.flushHeaders();
      app = outgoing;
    });
    const { outgoing, answered } = ask(`${here.url}/api/chat`);
    outgoing.end("{}");
    const response = await answered;
    const seen = follow(response);
    app?.write('{"n":1}\n');
    await waitUntil("the first piece", () => seen.text === '{"n":1}\n');
    app?.write('{"n":2}\n');
    await waitUntil("the second piece", () => seen.text === '{"n":1}\n{"n":2}\n');
    expect(seen.end).toBe("open");
    app?.end();
    await waitUntil("the end", () => seen.end === "complete");
  });

  it("can begin while the request is still being sent", async () => {
    const here = await before((outgoing, incoming) => {
      incoming.on("data", (piece: Buffer) => outgoing.write(piece));
      incoming.once("end", () => outgoing.end());
    });
    const { outgoing, answered } = ask(`${here.url}/api/generate`);
    outgoing.write("one ");
    const seen = follow(await answered);
    await waitUntil("the first piece", () => seen.text === "one ");
    outgoing.end("two");
    await waitUntil("the end", () => seen.end === "complete");
    expect(seen.text).toBe("one two");
  });

  it.each([
    ["in chunks", {}],
    ["of a known length", { "content-length": "100" }],
  ])("%s that the app breaks off is broken for the client too", async (_, headers) => {
    let app: ServerResponse | undefined;
    const here = await before((outgoing) => {
      outgoing.writeHead(200, headers).write("half");
      app = outgoing;
    });
    const { outgoing, answered } = ask(`${here.url}/v1/chat/completions`);
    outgoing.end("{}");
    const seen = follow(await answered);
    await waitUntil("the first half", () => seen.text === "half");
    app?.destroy();
    await waitUntil("the end", () => seen.end !== "open");
    expect(seen).toStrictEqual({ text: "half", end: "broken" });
  });

  it("that stops making sense is broken for the client too", async () => {
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let app: Socket | undefined;
    const url = await socketServer((socket) => {
      socket.write(`${head}4\r\nhalf\r\n`);
      app = socket;
    });
    const { outgoing, answered } = ask(`${(await connector(`http://${url}`)).url}/api/chat`);
    outgoing.end("{}");
    const seen = follow(await answered);
    await waitUntil("the first half", () => seen.text === "half");
    app?.write("not a length\r\n");
    await waitUntil("the end", () => seen.end !== "open");
    expect(seen).toStrictEqual({ text: "half", end: "broken" });
  });
});

describe("a client that leaves", () => {
  it.each([
    ["before the answer", false],
    ["in the middle of it", true],
  ])("%s closes the app's side at once", async (_, isBegun) => {
    let isLeft = false;
    let isAsked = false;
    const here = await before((outgoing) => {
      isAsked = true;
      if (isBegun) outgoing.write("piece");
      outgoing.once("close", () => {
        isLeft = true;
      });
    });
    const { outgoing, answered } = ask(`${here.url}/api/chat`);
    answered.catch(() => undefined);
    outgoing.end("{}");
    await waitUntil("the app to be asked", () => isAsked);
    if (isBegun) follow(await answered);
    expect(isLeft).toBe(false);
    outgoing.destroy();
    await waitUntil("the app's side to close", () => isLeft, { timeoutMs: 2_000 });
  });

  it("in the middle of its request closes the app's side too", async () => {
    let end = "open";
    const here = await before((_, incoming) => {
      incoming.on("data", () => {
        end = "reading";
      });
      incoming.once("error", () => {
        end = "broken";
      });
    });
    const { outgoing, answered } = ask(`${here.url}/api/chat`);
    answered.catch(() => undefined);
    outgoing.write("{");
    await waitUntil("the app to read", () => end === "reading");
    outgoing.destroy();
    await waitUntil("the app's side to break", () => end !== "reading", { timeoutMs: 2_000 });
    expect(end).toBe("broken");
  });
});

/** A port at which something else than HTTP happens. */
async function socketServer(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createSocketServer((socket) => {
    socket.resume().on("error", () => undefined);
    onConnection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

describe("an app that does not answer as one", () => {
  /** Both dialects' answers to a request. */
  async function tell(here: Connector) {
    const ollama = await fetch(`${here.url}/api/chat`, { method: "POST", body: "{}" });
    const openai = await fetch(`${here.url}/v1/chat/completions`, { method: "POST", body: "{}" });
    expect([ollama.status, openai.status]).toStrictEqual([502, 502]);
    return { ollama: await ollama.json(), openai: await openai.json() };
  }

  const cases: readonly (readonly [string, () => Promise<Connector>, string, RegExp])[] = [
    [
      "nobody listens",
      async () => connector(`http://127.0.0.1:${await freePort()}`),
      "app_refused_connection",
      /^The app does not run: nobody listens at its address\. Start the app/u,
    ],
    [
      "the connection breaks",
      async () => connector(`http://${await socketServer((socket) => socket.destroy())}`),
      "app_broke_off",
      /^The network broke off before the app answered\. Send the request again\.$/u,
    ],
    [
      "it speaks no TLS",
      async () =>
        connector(
          `https://${await socketServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))}`,
        ),
      "app_tls",
      /^No trusted https connection to the app comes about/u,
    ],
    [
      "it is a web page",
      () =>
        before((outgoing, incoming) => {
          outgoing.writeHead(200, { "content-type": "text/html; charset=utf-8" });
          outgoing.end(`<p>${incoming.headers.authorization}`);
        }),
      "app_not_latchkey",
      /^The app at APP_URL is no Latchkey/u,
    ],
    [
      "it is elsewhere",
      () =>
        before((outgoing, incoming) => {
          if (incoming.url === "/stolen") outgoing.end("the key came here");
          else outgoing.writeHead(307, { location: "/stolen" }).end();
        }),
      "app_not_latchkey",
      /^The app at APP_URL is no Latchkey/u,
    ],
  ];
  it.each(cases)("is told in the client's dialect: %s", async (_, start, code, sentence) => {
    const { ollama, openai } = await tell(await start());
    expect(ollama).toStrictEqual({ error: expect.stringMatching(sentence) });
    expect(openai).toStrictEqual({
      error: {
        message: expect.stringMatching(sentence),
        type: "api_error",
        param: null,
        code,
      },
    });
    expect(JSON.stringify([ollama, openai])).not.toContain(KEY);
  });

  it("leaves the client's connection fit for the next request, however long the body was", async () => {
    const here = await connector(`http://127.0.0.1:${await freePort()}`);
    const socket = connect(here.port, "127.0.0.1");
    cleanups.push(async () => socket.destroy());
    let came = "";
    socket.setEncoding("utf8").on("data", (piece: string) => {
      came += piece;
    });
    const body = "x".repeat(3_000_000);
    const head = "Host: localhost\r\nContent-Length:";
    socket.write(`POST /api/chat HTTP/1.1\r\n${head} ${body.length}\r\n\r\n${body}`);
    socket.write(`GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await waitUntil("both answers", () => came.includes("HTTP/1.1 404"));
    expect(came).toContain("HTTP/1.1 502");
  });
});

describe("the time to connect", () => {
  async function fate(url: string): Promise<string> {
    const options = { method: "GET", path: "/", headers: {}, connectMs: 100 };
    const outgoing = requestApp(new URL(url), options);
    cleanups.push(async () => outgoing.destroy());
    return new Promise((resolve) => {
      outgoing.once("response", () => resolve("answered"));
      outgoing.once("error", (error) => resolve(failureOf(error)));
      outgoing.end();
    });
  }

  it("is limited, TLS included", async () => {
    expect(await fate(`https://${await socketServer(() => undefined)}`)).toBe("app_unreachable");
  });

  it("is no limit on the silence after it", async () => {
    const url = await socketServer((socket) => {
      setTimeout(() => socket.end("HTTP/1.1 204 No Content\r\n\r\n"), 300);
    });
    expect(await fate(`http://${url}`)).toBe("answered");
  });
});

describe("the connector itself", () => {
  it("cuts every open stream when it closes, and lets the port go", async () => {
    let isLeft = false;
    const here = await before((outgoing) => {
      outgoing.write("piece");
      outgoing.once("close", () => {
        isLeft = true;
      });
    });
    const { outgoing, answered } = ask(`${here.url}/api/chat`);
    outgoing.end("{}");
    const seen = follow(await answered);
    await waitUntil("the piece", () => seen.text === "piece");
    await here.close();
    await waitUntil("both sides to close", () => isLeft && seen.end !== "open");
    expect(seen.end).toBe("broken");
    const again = await startConnector({
      appUrl: "https://a.invalid",
      key: KEY,
      port: here.port,
    });
    await again.close();
  });

  it("listens on loopback only, and for an app that may have the key", async () => {
    const start = (host: string, appUrl: string) =>
      startConnector({ appUrl, key: KEY, port: 0, host });
    await expect(start("0.0.0.0", "https://a.invalid")).rejects.toThrow("loopback only");
    await expect(start("127.0.0.1", "http://a.example")).rejects.toThrow("APP_URL wants https");
  });
});
