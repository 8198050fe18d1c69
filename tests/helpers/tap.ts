import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";

/** One request that passed the tap. Times are `Date.now()`, so that a page's own can be compared. */
export interface TappedRequest {
  readonly path: string;
  /** When the engine's first byte of body came. */
  firstByteAt?: number;
  /** When the engine's last byte came; absent for one that was broken off. */
  endedAt?: number;
  /** When the side towards the door closed before the answer was complete. */
  leftAt?: number;
}

export interface Tap {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly TappedRequest[];
  close(): Promise<void>;
}

/**
 * A wire between door and engine that notes when things happen and changes nothing: every byte is
 * passed on at once, and a client that leaves makes it leave the engine.
 */
export async function startTap(engineUrl: string): Promise<Tap> {
  const requests: TappedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const noted: TappedRequest = { path: incoming.url ?? "" };
    requests.push(noted);
    const upstream = httpRequest(
      new URL(noted.path, engineUrl),
      { method: incoming.method, headers: incoming.headers, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on("data", () => {
          noted.firstByteAt ??= Date.now();
        });
        answer.on("end", () => {
          noted.endedAt = Date.now();
        });
        answer.on("error", () => outgoing.destroy());
        answer.pipe(outgoing);
      },
    );
    upstream.on("error", () => outgoing.destroy());
    outgoing.on("close", () => {
      if (!outgoing.writableFinished) {
        noted.leftAt ??= Date.now();
        upstream.destroy();
      }
    });
    incoming.pipe(upstream);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
