/**
 * The engine of the page's measurements, in a process of its own: Ollama's wire with a rich answer, at the
 * pace that the prompt names (bench/wire/plan.ts), and the floor page with the same answer as plain text.
 * It checks no key: a lock in front of it is not what is measured. Prints its port.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { play } from "../upstream/play.ts";
import { ANSWERS } from "../upstream/questions.ts";
import { Wheel } from "../upstream/wheel.ts";
import { NDJSON } from "../wire/dialect.ts";
import { chat } from "../wire/ollama.ts";
import { decodePlan, type Plan } from "../wire/plan.ts";
import { writeScript, type Script } from "../wire/script.ts";
import { STORED_LENGTH, storedTexts } from "./text/chats.ts";
import { FLOOR_PAGE } from "./page/floor.ts";
import { ROUTE_OF_CHAT, ROUTE_OF_FLOOR, ROUTE_OF_STREAM, ROUTE_OF_TIMES } from "./page/routes.ts";
import { richTokens } from "./text/rich.ts";

/** Longer than any run: an engine that nobody could end does not stay for ever. */
const LIFE_MS = 45 * 60_000;

/** The text alone, a token a piece. */
const PLAIN = { head: () => [], token: (_: number, text: string) => text, tail: () => [] };

const wheel = new Wheel();
const scripts = new Map<string, Script>();
/** Of `Date.now()`, which the page of this machine reads from the same clock. */
const times = { firstAt: 0, lastAt: 0 };

function scriptOf(kind: "plain" | "chat", tokens: number): Script {
  const key = `${kind} ${tokens}`;
  const script =
    scripts.get(key) ?? writeScript(kind === "plain" ? PLAIN : chat, richTokens(tokens));
  scripts.set(key, script);
  return script;
}

function say(response: ServerResponse, kind: "plain" | "chat", plan: Plan | undefined): void {
  if (plan === undefined) {
    response.writeHead(400, { "content-type": "application/json" });
    response.end('{"error":"the prompt names no plan"}');
    return;
  }
  response.writeHead(200, { "content-type": kind === "plain" ? "text/plain" : NDJSON });
  times.firstAt = Date.now();
  response.once("finish", () => {
    times.lastAt = Date.now();
  });
  play(response, scriptOf(kind, plan.tokens), plan, wheel);
}

function show(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
  });
  response.end(text);
}

function answerGet(url: URL, response: ServerResponse): void {
  const { pathname, searchParams } = url;
  const known = ANSWERS.get(pathname);
  if (pathname === ROUTE_OF_FLOOR || pathname === ROUTE_OF_CHAT) {
    show(response, "text/html", FLOOR_PAGE);
  } else if (pathname === ROUTE_OF_STREAM) {
    say(response, "plain", decodePlan(searchParams.get("question") ?? ""));
  } else if (pathname === ROUTE_OF_TIMES) {
    show(response, "application/json", JSON.stringify(times));
  } else if (pathname === `${ROUTE_OF_CHAT}.json`) {
    show(response, "application/json", JSON.stringify(storedTexts(STORED_LENGTH)));
  } else if (known === undefined) {
    response.writeHead(404).end();
  } else {
    show(response, pathname === "/health" ? "text/plain" : "application/json", known);
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  if (request.method === "GET") {
    answerGet(url, response);
    return;
  }
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  await once(request, "end");
  if (url.pathname === chat.path) {
    say(response, "chat", decodePlan(Buffer.concat(pieces).toString()));
  } else {
    response.writeHead(404).end();
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") console.log(`port ${address.port}`);
});
setTimeout(() => process.exit(), LIFE_MS).unref();
