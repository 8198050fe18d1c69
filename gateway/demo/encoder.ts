import type { OutgoingHttpHeaders } from "node:http";
import { goJson } from "./go.ts";
import type { Piece, Reply } from "./reply.ts";
import type { Surface } from "./surface.ts";

/** Writes one answer in one dialect. Every text it returns is ready for the wire. */
export interface Encoder {
  readonly surface: Surface;
  readonly streamHeaders: OutgoingHttpHeaders;
  piece(piece: Piece): string;
  /** The end of a stream that went well. */
  finish(reply: Reply): string;
  /** What the surface writes when the runner dies; may be nothing. */
  failure(message: string): string;
  /** The body of an answer that is not streamed. */
  whole(reply: Reply): unknown;
}

/** The headers of the translated streams that set them all, and of those that set one. */
export const SSE_HEADERS = { "Content-Type": "text/event-stream" };
export const NAMED_SSE_HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-cache",
  Connection: "keep-alive",
};

export function sse(data: unknown): string {
  return `data: ${goJson(data)}\n\n`;
}

export function namedSse(event: string, data: unknown): string {
  return `event: ${event}\n${sse(data)}`;
}

/** The present in Unix seconds. */
export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
