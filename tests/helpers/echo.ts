import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** A request as it came over the wire: nothing decoded, nothing merged. */
export interface EchoedRequest {
  readonly method: string;
  /** The address as it was sent. */
  readonly target: string;
  /** Lower-case names with every value, in order. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface Echo {
  readonly url: string;
  readonly requests: EchoedRequest[];
  close(): Promise<void>;
}

type Answer = (outgoing: ServerResponse, incoming: IncomingMessage) => void | Promise<void>;

function pairs(raw: readonly string[]): (readonly [string, string])[] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ""] as const] : [],
  );
}

const emptyModelList: Answer = (outgoing) => {
  outgoing.setHeader("content-type", "application/json");
  outgoing.end('{"models":[]}');
};

/**
 * Stands where Ollama stands and notes what the door hands on.
 *
 * @param answer writes the answer; an empty model list when left out
 */
export async function startEcho(answer: Answer = emptyModelList): Promise<Echo> {
  const requests: EchoedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const note = async (): Promise<void> => {
      const body = await text(incoming);
      const { method = "", url: target = "", rawHeaders } = incoming;
      requests.push({ method, target, headers: pairs(rawHeaders), body });
      await answer(outgoing, incoming);
    };
    note().catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
