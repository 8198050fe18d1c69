import type { Encoder } from "./encoder.ts";
import type { Exchange } from "./exchange.ts";
import { goJson } from "./go.ts";
import { Refusal } from "./refusal.ts";
import type { Piece, Reply } from "./reply.ts";

/** Where a cut falls: inside a record, or inside a character of more than one byte. */
export type Cut = "line" | "character";

/** Where the pieces of one answer go, streamed or gathered. */
export interface Sink {
  piece(piece: Piece): Promise<void>;
  finish(reply: Reply): Promise<void>;
  /** The end without the record that says so. */
  end(reply: Reply): void;
  /** The runner died. */
  fail(message: string): Promise<void>;
  /** The connection is torn down inside `piece`, the last one of `reply`. */
  cut(piece: Piece, reply: Reply, where: Cut): Promise<void>;
}

/** The bytes of a text up to the middle of it, or to the middle of its first long character. */
function bytesBefore(text: string, where: Cut): Buffer {
  const bytes = Buffer.from(text);
  if (where === "character") {
    return bytes.subarray(0, bytes.findIndex((byte) => byte >= 0xc0) + 1);
  }
  let middle = Math.floor(bytes.length / 2);
  while (((bytes[middle] ?? 0) & 0xc0) === 0x80) middle -= 1;
  return bytes.subarray(0, middle);
}

/** Status and headers go out with the first record, as Ollama's do. */
export function streamSink(exchange: Exchange, encoder: Encoder): Sink {
  const begin = () => {
    if (!exchange.response.headersSent) exchange.begin(200, encoder.streamHeaders);
  };
  const write = async (text: string) => {
    begin();
    if (text !== "") await exchange.write(text);
  };
  return {
    piece: (piece) => write(encoder.piece(piece)),
    async finish(reply) {
      await write(encoder.finish(reply));
      exchange.response.end();
    },
    end() {
      begin();
      exchange.response.end();
    },
    async fail(message) {
      if (!exchange.response.headersSent) throw new Refusal(500, message, "runner");
      await write(encoder.failure(message));
      exchange.response.end();
    },
    async cut(piece, _reply, where) {
      begin();
      await exchange.cut(bytesBefore(encoder.piece(piece), where));
    },
  };
}

/** One JSON document at the end. */
export function wholeSink(exchange: Exchange, encoder: Encoder): Sink {
  const { surface } = encoder;
  const body = (reply: Reply) => goJson(encoder.whole(reply)) + surface.ending;
  const headers = { "Content-Type": surface.jsonType };
  return {
    async piece() {},
    async finish(reply) {
      exchange.send(200, headers, body(reply));
    },
    end(reply) {
      exchange.send(200, headers, body(reply));
    },
    fail(message) {
      return Promise.reject(new Refusal(500, message));
    },
    async cut(_piece, reply, where) {
      const text = body(reply);
      exchange.begin(200, { ...headers, "Content-Length": Buffer.byteLength(text) });
      await exchange.cut(bytesBefore(text, where));
    },
  };
}
