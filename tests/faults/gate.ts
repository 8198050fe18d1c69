import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to the engine that can be held: connections are made, and what they say gets nowhere. */
export interface Gate extends AsyncDisposable {
  readonly url: string;
  held: boolean;
  /** Connections whose words were swallowed and that are still open. */
  heldCount(): number;
}

export async function openGate(enginePort: number): Promise<Gate> {
  const swallowed = new Set<Socket>();
  const all = new Set<Socket>();
  const gate = { held: false };
  const server = createServer((client) => {
    const engine = connect(enginePort, "127.0.0.1");
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      all.add(one);
      one.on("data", (bytes) => {
        if (gate.held) swallowed.add(client);
        else other.write(bytes);
      });
      // What an "error" says comes again as a "close".
      one.on("error", () => {});
      one.on("close", () => {
        all.delete(one);
        swallowed.delete(client);
        other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return Object.assign(gate, {
    url: `http://127.0.0.1:${address.port}`,
    heldCount: () => swallowed.size,
    async [Symbol.asyncDispose]() {
      for (const socket of all) socket.destroy();
      server.close();
      await once(server, "close");
    },
  });
}
