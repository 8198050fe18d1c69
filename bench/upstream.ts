/**
 * The engine of the measurements, in a process of its own: Ollama's wire from prebuilt bytes, at the
 * pace that the prompt names (bench/wire/plan.ts). It checks no key: a lock in front of it is not
 * what is measured. Prints its port.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { play } from "./upstream/play.ts";
import { ANSWERS } from "./upstream/questions.ts";
import { Wheel } from "./upstream/wheel.ts";
import { decodePlan } from "./wire/plan.ts";
import { DIALECTS, scriptOf, type DialectName } from "./wire/script.ts";

/** Longer than any run: an upstream that nobody could end does not stay for ever. */
const LIFE_MS = 45 * 60_000;

const wheel = new Wheel();
const names: readonly DialectName[] = ["chat", "generate", "completions", "messages", "responses"];
const byPath = new Map(names.map((name) => [DIALECTS[name].path, name]));

function question(path: string, response: ServerResponse): void {
  const text = ANSWERS.get(path);
  response.writeHead(text === undefined ? 404 : 200, {
    "content-type": path === "/health" ? "text/plain" : "application/json; charset=utf-8",
  });
  response.end(text);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "";
  const name = byPath.get(path);
  if (request.method !== "POST" || name === undefined) {
    request.resume();
    question(path, response);
    return;
  }
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  await once(request, "end");
  const plan = decodePlan(Buffer.concat(pieces).toString());
  if (plan === undefined) {
    response.writeHead(400, { "content-type": "application/json; charset=utf-8" });
    response.end('{"error":"the prompt names no plan"}');
    return;
  }
  response.writeHead(200, { "content-type": DIALECTS[name].contentType });
  play(response, scriptOf(name, plan.tokens), plan, wheel);
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.keepAliveTimeout = 0;
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  const address = server.address();
  if (address !== null && typeof address === "object") console.log(`port ${address.port}`);
});
setTimeout(() => process.exit(), LIFE_MS).unref();
