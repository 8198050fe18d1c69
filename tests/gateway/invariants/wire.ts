/** Requests by the byte, from an address of this computer of one's choice, with patience that ends. */
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Knock, Reply } from "../../helpers/knock.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

/** Not the door's own, where a computer has several loopback addresses: a mix-up is seen then. */
export const CALLER_ADDRESS = process.platform === "linux" ? "127.0.0.2" : "127.0.0.1";

/** Long for a loopback, short for a mutant that never answers. */
export const PATIENCE_MS = 6000;

export interface Line {
  send(text: string): void;
  /** What came so far. */
  readonly received: () => string;
  /** True once the other end has closed, or broken off. */
  readonly ended: () => boolean;
  /** Leaves at once. */
  leave(): void;
}

/** A connection to a port of 127.0.0.1. */
export async function openLine(port: number): Promise<Line> {
  const socket = connect({ port, host: "127.0.0.1", localAddress: CALLER_ADDRESS });
  let received = "";
  let hasEnded = false;
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    received += text;
  });
  socket.on("end", () => {
    hasEnded = true;
  });
  socket.on("close", () => {
    hasEnded = true;
  });
  await once(socket, "connect");
  // Told by `ended`: a refused body may end in a reset.
  socket.on("error", () => undefined);
  return {
    send: (text) => void socket.write(text),
    received: () => received,
    ended: () => hasEnded,
    leave: () => void socket.destroy(),
  };
}

/** The head of a request as it is sent. Every line may be odd, and none is added but Host and Connection. */
export function headOf(port: number, { method = "GET", target, headers = [] }: Knock): string {
  const own = headers.some((line) => /^host:/i.test(line)) ? [] : [`Host: 127.0.0.1:${port}`];
  const lines = [`${method} ${target} HTTP/1.1`, ...own, "Connection: close", ...headers];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** Asks for an answer of a model and does not wait for it. */
export async function postChat(
  port: number,
  body: string,
  headers: readonly string[],
): Promise<Line> {
  const line = await openLine(port);
  const own = ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`];
  const head = headOf(port, {
    method: "POST",
    target: "/api/chat",
    headers: [...headers, ...own],
  });
  line.send(head + body);
  return line;
}

export function parseReply(answer: string): Reply {
  const end = answer.indexOf("\r\n\r\n");
  const [statusLine = "", ...head] = answer.slice(0, end).split("\r\n");
  return {
    status: Number(statusLine.split(" ")[1] ?? 0),
    head: head.join("\n"),
    body: answer.slice(end + 4),
  };
}

/**
 * Sends one request and reads to the end; an answer that breaks off is told as far as it came.
 *
 * @throws Error when there is none within the patience
 */
export async function ask(
  port: number,
  one: Knock,
  { patienceMs = PATIENCE_MS }: { patienceMs?: number } = {},
): Promise<Reply> {
  const { body = "" } = one;
  const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const line = await openLine(port);
  try {
    line.send(headOf(port, { ...one, headers: [...(one.headers ?? []), ...length] }) + body);
    const what = `an answer to ${one.method ?? "GET"} ${one.target}`;
    await waitUntil(what, () => line.ended(), { timeoutMs: patienceMs, everyMs: 2 });
    return parseReply(line.received());
  } finally {
    line.leave();
  }
}

/** What a promise gives, or `undefined` when it does not in time. */
export async function within<Value>(
  promise: Promise<Value>,
  patienceMs = PATIENCE_MS,
): Promise<Value | undefined> {
  const patience = new AbortController();
  const late = delay(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    patience.abort();
  }
}
