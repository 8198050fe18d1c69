import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { startRedis } from "./redis.ts";
import { RedisRefusal, type RedisReply } from "./redis-wire.ts";

/**
 * How it fails: `hang` takes requests and never answers, `slow` answers each after 700 ms, `refuse`
 * listens no more, `500` and `401` answer so.
 */
export type UpstashFault = "none" | "hang" | "slow" | "refuse" | "500" | "401";

export interface Upstash {
  readonly url: string;
  readonly token: string;
  /** Every command that was let through to Redis, in order. */
  readonly commands: readonly (readonly string[])[];
  /** All HTTP requests that were taken so far. */
  requestCount(): number;
  /** Those of them that have neither been answered nor left. */
  pendingCount(): number;
  /** Resolves once it behaves so; `refuse` also breaks every connection there is. */
  setFault(kind: UpstashFault): Promise<void>;
  close(): Promise<void>;
}

type Send = (command: readonly string[]) => Promise<RedisReply>;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const commandSchema = z
  .array(z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .min(1);
const commandsSchema = z.array(commandSchema);

const FAULT_ANSWERS: Partial<Record<UpstashFault, Answer>> = {
  "500": { status: 500, body: { error: "ERR internal error" } },
  // The words of https://upstash.com/docs/redis/troubleshooting/http_unauthorized
  "401": { status: 401, body: { error: "WRONGPASS invalid or missing auth token" } },
};

/** A real Redis behind Upstash's REST protocol, https://upstash.com/docs/redis/features/restapi */
export async function startUpstash(): Promise<Upstash> {
  const redis = await startRedis();
  const token = randomBytes(16).toString("hex");
  const commands: (readonly string[])[] = [];
  const plainScripts = withPlainScripts((command) => redis.send(command));
  const send: Send = (command) => {
    commands.push(command);
    return plainScripts(command);
  };
  const open = new Set<ServerResponse>();
  let requestCount = 0;
  let fault: UpstashFault = "none";

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    requestCount += 1;
    open.add(outgoing);
    outgoing.once("close", () => open.delete(outgoing));
    const body = await text(incoming);
    if (fault === "hang") return;
    if (fault === "slow") await delay(700);
    const known = incoming.headers.authorization === `Bearer ${token}`;
    const answer = FAULT_ANSWERS[known ? fault : "401"] ?? (await answerTo(incoming, body, send));
    outgoing.writeHead(answer.status, { "content-type": "application/json" });
    outgoing.end(JSON.stringify(answer.body));
  }

  const server = createServer((incoming, outgoing) => {
    // A caller who leaves in the middle, or a body that is no command, ends that request alone.
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function listen(at: number): Promise<number> {
    server.listen(at, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }
  async function stopListening(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  }

  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    commands,
    requestCount: () => requestCount,
    pendingCount: () => open.size,
    async setFault(kind) {
      fault = kind;
      if (kind === "refuse") await stopListening();
      else if (!server.listening) await listen(port);
    },
    async close() {
      await stopListening();
      await redis.close();
    },
  };
}

/**
 * Upstash's own scripts carry a flag that is Upstash's alone: a plain Redis refuses to load them.
 * They run here without it, and are still called by the SHA-1 of what was sent.
 */
function withPlainScripts(send: Send): Send {
  const plainHashes = new Map<string, string>();
  return (command) => {
    const [name = "", script = "", ...rest] = command;
    if (name.toLowerCase() === "eval") {
      const plain = script.replace(/^#!lua flags=allow-key-locking/u, "#!lua");
      plainHashes.set(sha1(script), sha1(plain));
      return send([name, plain, ...rest]);
    }
    if (name.toLowerCase() !== "evalsha") return send(command);
    return send([name, plainHashes.get(script) ?? script, ...rest]);
  };
}

function sha1(words: string): string {
  return createHash("sha1").update(words).digest("hex");
}

async function answerTo(incoming: IncomingMessage, body: string, send: Send): Promise<Answer> {
  const encode = incoming.headers["upstash-encoding"] === "base64" ? "base64" : "utf8";
  const json: unknown = JSON.parse(body);
  if (incoming.url === "/pipeline") {
    const replies = await Promise.all(commandsSchema.parse(json).map((command) => send(command)));
    return { status: 200, body: replies.map((reply) => render(reply, encode)) };
  }
  if (incoming.url === "/multi-exec") {
    const sent = [["MULTI"], ...commandsSchema.parse(json), ["EXEC"]].map((each) => send(each));
    const executed = (await Promise.all(sent)).at(-1);
    return Array.isArray(executed)
      ? { status: 200, body: executed.map((reply: RedisReply) => render(reply, encode)) }
      : { status: 400, body: render(executed ?? null, encode) };
  }
  const reply = await send(commandSchema.parse(json));
  return { status: reply instanceof RedisRefusal ? 400 : 200, body: render(reply, encode) };
}

function render(reply: RedisReply, encoding: "base64" | "utf8"): object {
  if (reply instanceof RedisRefusal) return { error: reply.message };
  return { result: valueOf(reply, encoding) };
}

function valueOf(reply: RedisReply, encoding: "base64" | "utf8"): unknown {
  if (reply === null || typeof reply === "number") return reply;
  if (reply instanceof RedisRefusal) return reply.message;
  if (Buffer.isBuffer(reply)) return reply.toString(encoding);
  return reply.map((each) => valueOf(each, encoding));
}
