import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isIPv6 } from "node:net";
import { isFromProgram } from "./admission.ts";
import { isLoopback, readAppAddress } from "./app-address.ts";
import { tellNotFound } from "./failures.ts";
import { forward, type Target } from "./forward.ts";
import { mapPath } from "./paths.ts";

export interface ConnectorOptions {
  /** https, or http within this machine or a private network. */
  readonly appUrl: string;
  /** The access key that is added to every request. */
  readonly key: string;
  /** 0: a free one. */
  readonly port: number;
  /** An address or name of this machine's loopback; 127.0.0.1 by default. */
  readonly host?: string;
}

export interface Connector {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Cuts every open stream, then stops listening. */
  close(): Promise<void>;
}

/**
 * What an Ollama says at its root. The `ollama` command asks for it first, by HEAD, and can show no error of that: the
 * question after it tells what is wrong.
 */
function greetBack({ method }: IncomingMessage, outgoing: ServerResponse): void {
  if (method === "GET" || method === "HEAD") {
    const body = "Ollama is running";
    const headers = { "content-type": "text/plain", "content-length": body.length };
    outgoing.writeHead(200, headers).end(body);
  } else {
    outgoing.writeHead(405, { allow: "GET, HEAD" }).end();
  }
}

function answer(target: Target, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (!isFromProgram(incoming)) {
    outgoing.writeHead(403, { "content-length": 0 }).end();
    return;
  }
  if (incoming.url === "/") {
    greetBack(incoming, outgoing);
    return;
  }
  const destination = mapPath(incoming.url ?? "");
  if (destination === undefined) tellNotFound(outgoing);
  else forward(target, destination, incoming, outgoing);
}

/**
 * Listens on this machine as an Ollama would and asks the app, with the access key, what it is asked.
 *
 * @throws UsageError for an address that must not get the key, Error when the host is not loopback
 *   or the port is taken
 */
export async function startConnector(options: ConnectorOptions): Promise<Connector> {
  const { key, port, host = "127.0.0.1" } = options;
  if (!isLoopback(host)) throw new Error("The connector listens on loopback only.");
  const target = { appUrl: readAppAddress(options.appUrl).url, key };
  const server = createServer((incoming, outgoing) => {
    answer(target, incoming, outgoing);
  });
  // Ollama has no such limits: a body may be long in coming, and an idle connection stays.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${bound}`,
    port: bound,
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
