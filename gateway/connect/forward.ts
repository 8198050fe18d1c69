import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { requestApp } from "./app-request.ts";
import { failureOf, isStrange, tellFailure } from "./failures.ts";
import { toApp, toClient } from "./headers.ts";
import type { Destination, Dialect } from "./paths.ts";

/** The app, and what opens it. */
export interface Target {
  readonly appUrl: URL;
  readonly key: string;
}

/** From the app to the client, each piece as it comes. */
function passOn(answer: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(answer.statusCode ?? 502, toClient(answer.headersDistinct));
  // A client may wait for the head of a stream whose first piece is minutes away.
  outgoing.flushHeaders();
  // What was cut must not look complete; Node tells of it as an error (http, "Event: 'close'").
  answer.once("error", () => outgoing.destroy());
  answer.pipe(outgoing);
}

function listen(
  upstream: ClientRequest,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  dialect: Dialect,
): void {
  upstream.once("response", (answer) => {
    if (!isStrange(answer)) {
      passOn(answer, outgoing);
      return;
    }
    tellFailure(outgoing, dialect, "app_not_latchkey");
    upstream.destroy();
  });
  upstream.on("error", (error) => {
    // Nobody reads the rest of the body, and a client may wait until it is read.
    incoming.unpipe(upstream).resume();
    const isUnanswered = !outgoing.headersSent && !outgoing.destroyed;
    if (isUnanswered) tellFailure(outgoing, dialect, failureOf(error));
  });
}

/**
 * Sends a request on to the app with the key and its answer back, both as they come. When the client
 * leaves, the app's side is closed at once; when the app breaks off, so is the client's.
 */
export function forward(
  { appUrl, key }: Target,
  { dialect, path }: Destination,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const upstream = requestApp(appUrl, {
    method: incoming.method ?? "GET",
    path,
    headers: toApp(incoming.headersDistinct, key),
  });
  listen(upstream, incoming, outgoing, dialect);
  const leave = (): void => {
    upstream.destroy();
  };
  outgoing.once("close", leave).once("error", leave);
  incoming.pipe(upstream);
}
