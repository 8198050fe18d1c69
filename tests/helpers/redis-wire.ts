/** The reader's and the writer's half of RESP2, https://redis.io/docs/latest/develop/reference/protocol-spec/ */

/** What Redis says to a command that it refuses, such as NOSCRIPT. */
export class RedisRefusal {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export type RedisReply = Buffer | number | null | RedisRefusal | readonly RedisReply[];

const LINE_END = "\r\n";

export function encodeCommand(command: readonly string[]): Buffer {
  const words = command.map((word) => `$${Buffer.byteLength(word)}${LINE_END}${word}${LINE_END}`);
  return Buffer.from(`*${command.length}${LINE_END}${words.join("")}`);
}

interface Read {
  readonly reply: RedisReply;
  /** Where the next reply begins. */
  readonly next: number;
}

/**
 * The reply that begins at `from`; undefined when its end has not come yet.
 *
 * @throws Error for a type that RESP2 does not have
 */
export function readReply(bytes: Buffer, from = 0): Read | undefined {
  const end = bytes.indexOf(LINE_END, from);
  if (end === -1) return undefined;
  const line = bytes.subarray(from + 1, end);
  const next = end + LINE_END.length;
  const type = String.fromCodePoint(bytes[from] ?? 0);
  if (type === "+") return { reply: line, next };
  if (type === "-") return { reply: new RedisRefusal(line.toString()), next };
  const count = Number(line.toString());
  if (type === ":") return { reply: count, next };
  if (count === -1) return { reply: null, next };
  if (type === "$") return readBulk(bytes, next, count);
  if (type === "*") return readArray(bytes, next, count);
  throw new Error(`Redis sent a reply of a type that is not known here: ${type}`);
}

function readBulk(bytes: Buffer, from: number, length: number): Read | undefined {
  const end = from + length;
  if (bytes.length < end + LINE_END.length) return undefined;
  return { reply: bytes.subarray(from, end), next: end + LINE_END.length };
}

function readArray(bytes: Buffer, from: number, count: number): Read | undefined {
  const replies: RedisReply[] = [];
  let next = from;
  while (replies.length < count) {
    const read = readReply(bytes, next);
    if (read === undefined) return undefined;
    replies.push(read.reply);
    next = read.next;
  }
  return { reply: replies, next };
}
