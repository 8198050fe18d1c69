import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

export interface DoorStub extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** A server of the test's own making in the door's place. */
export async function openDoorStub(answer: RequestListener): Promise<DoorStub> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
