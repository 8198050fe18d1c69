import type { ServerResponse } from "node:http";
import { type Echo, startEcho } from "../../helpers/echo.ts";

/** What stands behind a door: it notes all that comes, and says of CORS what a careless engine says. */
export interface Behind extends Echo {
  /** The answer to the next request, to be given by hand. */
  hold(): Promise<ServerResponse>;
  /** What came after bodies, as `name: value`. */
  readonly trailers: string[];
}

export async function startBehind(): Promise<Behind> {
  let held: PromiseWithResolvers<ServerResponse> | undefined;
  const trailers: string[] = [];
  const echo = await startEcho((outgoing, incoming) => {
    for (const [name, value] of Object.entries(incoming.trailers))
      trailers.push(`${name}: ${value}`);
    outgoing.setHeader("Access-Control-Allow-Origin", "*");
    outgoing.setHeader("Access-Control-Allow-Headers", "X-Engine");
    outgoing.setHeader("Vary", "Origin");
    if (held !== undefined) {
      held.resolve(outgoing);
      held = undefined;
      return;
    }
    outgoing.setHeader("Content-Type", "application/json");
    outgoing.end('{"models":[]}');
  });
  return {
    ...echo,
    trailers,
    hold() {
      held = Promise.withResolvers<ServerResponse>();
      return held.promise;
    },
  };
}
