import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

export interface Reply {
  readonly status: number;
  /** The head as it came, without the status line. */
  readonly head: string;
  /** As it came, chunk sizes included. */
  readonly body: string;
}

/** What to send. Every line may be odd, and none is added but Host, Connection and the body's length. */
export interface Knock {
  readonly method?: string;
  readonly target: string;
  /** The address itself when left out. */
  readonly host?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** Sends one request by the byte, so that no client tidies it up, and reads to the end. */
export async function knock(
  port: number,
  { method = "GET", target, host = `127.0.0.1:${port}`, headers = [], body = "" }: Knock,
): Promise<Reply> {
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...headers];
  if (body !== "") lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  const answer = await text(socket);
  const end = answer.indexOf("\r\n\r\n");
  const [statusLine = "", ...head] = answer.slice(0, end).split("\r\n");
  return {
    status: Number(statusLine.split(" ")[1]),
    head: head.join("\n"),
    body: answer.slice(end + 4),
  };
}
