import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import { parts } from "./parts.ts";
import { encodeCommand, readReply, type RedisReply } from "./redis-wire.ts";
import { waitUntil } from "./wait-until.ts";

export interface Redis {
  readonly port: number;
  /** Commands sent in one turn of the event loop reach Redis without another between them. */
  send(command: readonly string[]): Promise<RedisReply>;
  close(): Promise<void>;
}

type Waiting = PromiseWithResolvers<RedisReply>;

/** One connection: Redis answers in the order of the commands. */
function talkOver(socket: Socket): (command: readonly string[]) => Promise<RedisReply> {
  const waiting: Waiting[] = [];
  let bytes = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    let read = readReply(bytes);
    while (read !== undefined) {
      waiting.shift()?.resolve(read.reply);
      bytes = bytes.subarray(read.next);
      read = readReply(bytes);
    }
  });
  // What an "error" says comes again as a "close", which ends those who wait.
  socket.on("error", () => {});
  socket.on("close", () => {
    for (const each of waiting.splice(0)) each.reject(new Error("Redis closed the connection"));
  });
  return (command) => {
    const answer: Waiting = Promise.withResolvers();
    waiting.push(answer);
    socket.write(encodeCommand(command));
    return answer.promise;
  };
}

async function tryConnect(port: number): Promise<Socket | undefined> {
  const socket = connect({ host: "127.0.0.1", port });
  try {
    await once(socket, "connect");
    return socket;
  } catch {
    return undefined;
  }
}

/** A real Redis on a free loopback port that keeps nothing on disk, and one connection to it. */
export async function startRedis(): Promise<Redis> {
  if (parts.redis === undefined) throw new Error("Redis is missing: run npm test.");
  const port = await freePort();
  const settings = { port, bind: "127.0.0.1", save: "", appendonly: "no", daemonize: "no" };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const child = await startChild([parts.redis, ...flags], { env: {} });
  try {
    const socket = await waitUntil("Redis to listen", () => {
      if (child.ended()) throw new Error(`Redis ended: ${child.log()}`);
      return tryConnect(port);
    });
    const close = async (): Promise<void> => {
      socket.destroy();
      await child.close();
    };
    return { port, send: talkOver(socket), close };
  } catch (error) {
    await child.close();
    throw error;
  }
}
