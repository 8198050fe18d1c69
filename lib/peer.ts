import { IncomingMessage } from "node:http";
import { peerHeader } from "./address.ts";

/**
 * Takes a message of Node's channel `http.server.request.start`, which is sent before anybody handles the
 * request (Node's documentation of diagnostics_channel). Next registers it with the first request of a process, so
 * that one's address, and those that come at the same moment, stay unknown.
 */
export function notePeer(message: unknown): void {
  if (typeof message !== "object" || message === null || !("request" in message)) return;
  const { request } = message;
  if (!(request instanceof IncomingMessage)) return;
  request.headers[peerHeader()] = request.socket.remoteAddress ?? "";
}
