/** How often and how much one may ask: callers by name, strangers by address, bodies by size. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CADDIES, type Door, startDoor } from "../helpers/door.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { inTurn } from "../helpers/in-turn.ts";
import { knock, type Reply } from "../helpers/knock.ts";
import { parts } from "../helpers/parts.ts";

const makeKey = (): string => randomBytes(32).toString("hex");
const KEY = makeKey();
const PHONE = makeKey();

let echo: Echo;
let stack: AsyncDisposableStack;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  echo = await startEcho();
  stack.defer(() => echo.close());
});
afterEach(() => stack.disposeAsync());

async function ask(door: Door, ...headers: readonly string[]): Promise<Reply> {
  return await knock(door.port, { target: "/api/tags", headers });
}

async function statuses(times: number, one: () => Promise<Reply>): Promise<number[]> {
  const found: number[] = [];
  for (let time = 0; time < times; time += 1) found.push((await one()).status);
  return found;
}

/** Seconds; undefined where it does not stand there once, as a number. */
function retryAfter({ head }: Reply): number | undefined {
  const lines = head.match(/^retry-after: \d+$/gim) ?? [];
  return lines.length === 1 ? Number(lines[0]?.split(": ")[1]) : undefined;
}

describe.skipIf(parts.caddyCurrent === undefined)("a door that can count", () => {
  const open = async (
    spec: Readonly<Record<string, unknown>>,
    mutate?: (file: string) => string,
  ): Promise<Door> => {
    const door = await startDoor({
      ollamaUrl: echo.url,
      key: KEY,
      keys: { phone: PHONE },
      part: "caddyCurrent",
      spec,
      ...(mutate === undefined ? {} : { mutate }),
    });
    stack.defer(() => door.close());
    return door;
  };

  it("stops a caller by name, and no other", async () => {
    const door = await open({ limits: { requestsPerMinute: 4, badKeysPerMinute: 0 } });
    const app = () => ask(door, `X-API-Key: ${KEY}`);
    // The door was awaited by its open health check, which spends nothing.
    expect(await statuses(4, () => knock(door.port, { target: "/health" }))).toEqual([
      200, 200, 200, 200,
    ]);
    expect(await statuses(6, app)).toEqual([200, 200, 200, 200, 429, 429]);
    const refused = await app();
    expect(refused.body).toBe("");
    expect(retryAfter(refused)).toBeGreaterThan(0);
    expect(retryAfter(refused)).toBeLessThanOrEqual(60);
    const forged = ask(door, `X-API-Key: ${KEY}`, "X-Forwarded-For: 203.0.113.5");
    expect((await forged).status).toBe(429);
    expect((await ask(door, `X-API-Key: ${PHONE}`)).status).toBe(200);
    expect((await ask(door)).status).toBe(401);
    expect(echo.requests).toHaveLength(5);
  });

  it("stops a stranger by address, whatever it guesses, while good keys go on", async () => {
    const door = await open({ limits: { badKeysPerMinute: 3 } });
    const stranger = () => ask(door, `X-API-Key: ${makeKey()}`);
    expect(await statuses(5, stranger)).toEqual([401, 401, 401, 429, 429]);
    expect(retryAfter(await stranger())).toBeGreaterThan(0);
    expect((await ask(door)).status).toBe(429);
    expect((await knock(door.port, { target: "/health" })).status).toBe(200);
    expect(await statuses(10, () => ask(door, `X-API-Key: ${KEY}`))).toEqual(
      Array.from({ length: 10 }, () => 200),
    );
    expect(await door.logs()).not.toMatch(/[0-9a-f]{64}/);
  });

  it("counts no preflight of a listed page, and tells the page when it is stopped", async () => {
    const origin = "https://chat.example.com";
    const door = await open({ cors: { origins: [origin] }, limits: { badKeysPerMinute: 2 } });
    const preflight = () =>
      knock(door.port, {
        method: "OPTIONS",
        target: "/api/tags",
        headers: [`Origin: ${origin}`, "Access-Control-Request-Method: GET"],
      });
    expect(await statuses(5, preflight)).toEqual([204, 204, 204, 204, 204]);
    const stranger = () => ask(door, `Origin: ${origin}`);
    expect(await statuses(3, stranger)).toEqual([401, 401, 429]);
    expect((await stranger()).head).toMatch(
      /^access-control-allow-origin: https:\/\/chat\.example\.com$/im,
    );
  });

  it("tells strangers apart behind a tunnel by the tunnel's own header", async () => {
    const door = await open({ tunnel: "cloudflared", limits: { badKeysPerMinute: 2 } });
    const from = (address: string) => () => ask(door, `Cf-Connecting-Ip: ${address}`);
    expect(await statuses(3, from("203.0.113.5"))).toEqual([401, 401, 429]);
    expect((await from("203.0.113.6")()).status).toBe(401);
  });

  it("takes all IPv6 addresses of one network for one stranger", async () => {
    const door = await open({ tunnel: "cloudflared", limits: { badKeysPerMinute: 2 } });
    const from = async (address: string): Promise<number> =>
      (await ask(door, `Cf-Connecting-Ip: ${address}`)).status;
    const network = ["2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::9"];
    expect(await inTurn(network, from)).toEqual([401, 401, 429]);
    expect(await inTurn(["2001:db8:1:3::1", "2001:db8::1", "::1"], from)).toEqual([401, 401, 401]);
    expect(await inTurn(["203.0.113.5", "203.0.113.6"], from)).toEqual([401, 401]);
  });

  it("would be seen to let all through without its zones", async () => {
    const door = await open({ limits: { requestsPerMinute: 2, badKeysPerMinute: 2 } }, (file) =>
      file.replaceAll(/\t\trate_limit.*\{\n(?:\t\t\t.*\n)+\t\t\}\n/g, ""),
    );
    expect(await statuses(4, () => ask(door))).toEqual([401, 401, 401, 401]);
    expect(await statuses(4, () => ask(door, `X-API-Key: ${KEY}`))).toEqual([200, 200, 200, 200]);
  });
});

describe.each(CADDIES)("the size of a body, by %s", (part) => {
  it.skipIf(parts[part] === undefined)("is what the description says", async () => {
    const spec = { limits: { bodyMegabytes: 2, badKeysPerMinute: 0 } };
    const door = await startDoor({ ollamaUrl: echo.url, key: KEY, part, spec });
    stack.defer(() => door.close());
    const post = { method: "POST", target: "/api/chat" };
    const withKey = `X-API-Key: ${KEY}`;
    for (const announced of ["2000000", "0002000000", "3000000", "20000000", "999999999999"]) {
      const headers = [withKey, `Content-Length: ${announced}`];
      expect((await knock(door.port, { ...post, headers })).status).toBe(413);
    }
    const body = "x".repeat(1_999_999);
    expect((await knock(door.port, { ...post, headers: [withKey], body })).status).toBe(200);
    expect(echo.requests.map((one) => one.body.length)).toEqual([body.length]);
    // One that does not announce its length is not even begun with.
    const chunks = `${(2_500_000).toString(16)}\r\n${"x".repeat(2_500_000)}\r\n0\r\n\r\n`;
    expect((await knockChunked(door.port, withKey, chunks)).slice(0, 12)).toBe("HTTP/1.1 411");
    expect(echo.requests).toHaveLength(1);
  });
});

/** The answer to a POST of a body that says no length, as far as the door reads it. */
async function knockChunked(port: number, header: string, chunks: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  // The door closes before it has read all.
  socket.on("error", () => undefined);
  const head = [
    "POST /api/chat HTTP/1.1",
    "Host: door",
    "Connection: close",
    "Transfer-Encoding: chunked",
    header,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n${chunks}`);
  const [answer]: unknown[] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}
