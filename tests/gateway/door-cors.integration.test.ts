/** What a browser's page elsewhere gets of the door: its own origin, exactly once, and nobody else's. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CADDIES, type Door, startDoor } from "../helpers/door.ts";
import { type Echo, startEcho } from "../helpers/echo.ts";
import { freePort } from "../helpers/free-port.ts";
import { type Knock, knock, type Reply } from "../helpers/knock.ts";
import { parts } from "../helpers/parts.ts";

const KEY = randomBytes(32).toString("hex");
const LISTED = "https://chat.example.com";
const ALSO_LISTED = "http://localhost:5173";
const spec = { cors: { origins: [LISTED, ALSO_LISTED] } };

/** Origins that are not on the list, however near. */
const FOREIGN = [
  "https://evil.example",
  "https://chat.example.com.evil.example",
  "https://xchat.example.com",
  "https://chat.example.com:444",
  "http://chat.example.com",
  "https://CHAT.example.com",
  "https://chat.example.com/",
  "https://chat-example.com",
  "null",
  "*",
  "listed",
];

/** The values of a header, one for each time it stands there. */
function values({ head }: Reply, name: string): string[] {
  return head
    .split("\n")
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim());
}

/** What a browser looks at, of every answer. */
function cors(reply: Reply): unknown {
  return {
    status: reply.status,
    origin: values(reply, "Access-Control-Allow-Origin"),
    vary: values(reply, "Vary"),
  };
}

const expected = (status: number, origin: string): unknown => ({
  status,
  origin: [origin],
  vary: ["Origin"],
});

const preflight = (origin: string, method: string, target: string): Knock => ({
  method: "OPTIONS",
  target,
  headers: [
    `Origin: ${origin}`,
    `Access-Control-Request-Method: ${method}`,
    "Access-Control-Request-Headers: content-type,x-api-key",
  ],
});

describe.each(CADDIES)("pages elsewhere, by %s", (part) => {
  describe.skipIf(parts[part] === undefined)("with origins listed", () => {
    let echo: Echo;
    let door: Door;

    beforeAll(async () => {
      echo = await startEcho((outgoing) => {
        outgoing.setHeader("Access-Control-Allow-Origin", "*");
        outgoing.setHeader("Access-Control-Allow-Credentials", "true");
        outgoing.setHeader("Vary", "Origin");
        outgoing.setHeader("Content-Type", "application/x-ndjson");
        outgoing.write("{}\n");
        outgoing.end("{}\n");
      });
      door = await startDoor({ ollamaUrl: echo.url, key: KEY, part, spec });
    });
    afterAll(async () => {
      await door.close();
      await echo.close();
    });

    it.each([
      ["GET", "/api/tags"],
      ["POST", "/api/chat"],
      ["POST", "/v1/messages?beta=true"],
      ["GET", "/v1/models/qwen3:0.6b"],
    ])("answer the preflight of %s %s before the lock", async (method, target) => {
      echo.requests.length = 0;
      for (const origin of [LISTED, ALSO_LISTED]) {
        const reply = await knock(door.port, preflight(origin, method, target));
        expect(cors(reply)).toEqual(expected(204, origin));
        expect(values(reply, "Access-Control-Allow-Methods")).toEqual([method]);
        expect(values(reply, "Access-Control-Allow-Headers")).toEqual(["Content-Type, X-API-Key"]);
        expect(values(reply, "Access-Control-Max-Age")).toEqual(["600"]);
        expect(values(reply, "Access-Control-Allow-Credentials")).toEqual([]);
        expect(reply.body).toBe("");
      }
      expect(echo.requests).toEqual([]);
    });

    it("answer no preflight of what is forbidden, but 401 that the page may read", async () => {
      for (const [method, target] of [
        ["POST", "/api/pull"],
        ["DELETE", "/api/delete"],
        ["GET", "/api/chat"],
        ["POST", "/api/chat/../pull"],
        ["", "/api/chat"],
      ] as const) {
        const reply = await knock(door.port, preflight(LISTED, method, target));
        expect(cors(reply)).toEqual(expected(401, LISTED));
        expect(values(reply, "Access-Control-Allow-Methods")).toEqual([]);
      }
    });

    it("carry the origin once on the refusals and on the stream alike", async () => {
      const key = `X-API-Key: ${KEY}`;
      const origin = `Origin: ${LISTED}`;
      const ask = async (target: string, headers: readonly string[]): Promise<unknown> =>
        cors(await knock(door.port, { method: "POST", target, headers, body: "{}" }));
      expect(await ask("/api/chat", [origin])).toEqual(expected(401, LISTED));
      expect(await ask("/api/pull", [origin, key])).toEqual(expected(404, LISTED));
      expect(await ask("/api/chat", [origin, key])).toEqual(expected(200, LISTED));
      const large = [origin, key, "Content-Length: 32000000"];
      const refused = await knock(door.port, {
        method: "POST",
        target: "/api/chat",
        headers: large,
      });
      expect(cors(refused)).toEqual(expected(413, LISTED));
      expect(cors(await knock(door.port, { target: "/health", headers: [origin] }))).toEqual(
        expected(200, LISTED),
      );
    });

    it.each(FOREIGN)("give nothing to %s", async (origin) => {
      const key = `X-API-Key: ${KEY}`;
      const answers = [
        await knock(door.port, preflight(origin, "POST", "/api/chat")),
        await knock(door.port, { target: "/api/tags", headers: [`Origin: ${origin}`] }),
        await knock(door.port, { target: "/api/tags", headers: [`Origin: ${origin}`, key] }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 200]);
      for (const { head } of answers) expect(head).not.toMatch(/access-control|vary/i);
    });

    it("give nothing where two origins stand in one request", async () => {
      const headers = [`Origin: ${LISTED}`, `Origin: ${ALSO_LISTED}`];
      const { status, head } = await knock(door.port, { target: "/api/tags", headers });
      expect(status).toBe(401);
      expect(head).not.toMatch(/access-control/i);
    });

    it("carry it on the failure of a door before nothing, too", async () => {
      const ollamaUrl = `http://127.0.0.1:${await freePort()}`;
      const lonely = await startDoor({ ollamaUrl, key: KEY, part, spec });
      try {
        const headers = [`Origin: ${LISTED}`, `X-API-Key: ${KEY}`];
        const reply = await knock(lonely.port, { target: "/api/tags", headers });
        expect(cors(reply)).toEqual(expected(502, LISTED));
      } finally {
        await lonely.close();
      }
    });

    it.each([
      ["what Ollama says taken off", /\t+header_down -(?:Access-Control-\*|Vary)\n/g, ""],
      ["the list", "vars {latchkey.origin} listed", "header Origin *"],
    ])("would be seen wrong without %s", async (_, line, instead) => {
      const mutant = await startDoor({
        ollamaUrl: echo.url,
        key: KEY,
        part,
        spec,
        mutate: (file) => file.replace(line, instead),
      });
      try {
        const ask = async (origin: string): Promise<unknown> => {
          const headers = [`Origin: ${origin}`, `X-API-Key: ${KEY}`];
          return cors(await knock(mutant.port, { target: "/api/tags", headers }));
        };
        const foreign = { status: 200, origin: [], vary: [] };
        const seen = [await ask(LISTED), await ask("https://evil.example")];
        expect(seen).not.toEqual([expected(200, LISTED), foreign]);
      } finally {
        await mutant.close();
      }
    });
  });
});
