import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { openDoorStub } from "../lib/door-stub.ts";

/** What a door, or whatever stands in its place, does with a request. */
export type Strike = (request: IncomingMessage, response: ServerResponse) => void;

export interface FaultyDoor extends AsyncDisposable {
  readonly url: string;
  /** Requests that ask the model for something and are neither answered nor left. */
  openCount(): number;
  /** From now on; `everywhere` strikes at lists and health as well. */
  strike(how: Strike, where: "everywhere" | "at the model"): void;
}

const NAME = "latchkey-demo:latest";
const TAGS = { models: [{ name: NAME, digest: "faulty", capabilities: ["completion"] }] };
const LISTS: Readonly<Record<string, object>> = {
  "/api/tags": TAGS,
  "/api/ps": { models: [] },
  "/api/version": { version: "0.0.0" },
};

/**
 * A door with one model behind it that does as the test says.
 * @param keepsAlive whether a connection may be used again; the relay asks anew when such a one turns out dead
 */
export async function openFaultyDoor(keepsAlive = true): Promise<FaultyDoor> {
  let how: Strike = (_request, response) => response.end();
  let isEverywhere = false;
  let open = 0;
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? "";
    response.shouldKeepAlive = keepsAlive;
    if (request.method === "POST") {
      open += 1;
      response.once("close", () => (open -= 1));
    }
    if (isEverywhere || request.method === "POST") how(request, response);
    else if (path === "/health") response.end("OK");
    else response.end(JSON.stringify(LISTS[path] ?? {}));
  };
  const stub = await openDoorStub(listener);
  return {
    url: stub.url,
    openCount: () => open,
    strike(strike, where) {
      how = strike;
      isEverywhere = where === "everywhere";
    },
    [Symbol.asyncDispose]: () => stub[Symbol.asyncDispose](),
  };
}
