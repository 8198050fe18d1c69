import { createServer, type RequestListener } from "node:http";
import { z } from "zod";

interface Listening {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  close(): Promise<void>;
}

async function listen(answer: RequestListener): Promise<Listening> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** A server of another origin that notes whoever asks it. */
export interface Elsewhere extends Listening {
  /** Paths in the order they were asked for. */
  readonly asked: readonly string[];
}

/**
 * Answers every path with `page` as HTML, and lets any page read it: what keeps a browser from it is the asking
 * page's own policy.
 */
export async function startElsewhere(page: string): Promise<Elsewhere> {
  const asked: string[] = [];
  const listening = await listen((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "access-control-allow-origin": "*",
    });
    response.end(page);
  });
  return { ...listening, asked };
}

/**
 * The app at an address of its own, with something slipped into the end of each page; the headers are the app's. A
 * server and no interception in the browser: to a page that came from none, Chromium refuses this computer's other
 * servers by itself, whatever the policy says.
 */
export function startTampered(app: string, injected: string): Promise<Listening> {
  const answer: RequestListener = (request, response) => {
    const forward = async (): Promise<void> => {
      const answered = await fetch(app + (request.url ?? ""));
      const headers = new Headers(answered.headers);
      for (const name of ["content-encoding", "content-length", "transfer-encoding"]) {
        headers.delete(name);
      }
      response.writeHead(answered.status, Object.fromEntries(headers));
      const isPage = headers.get("content-type")?.startsWith("text/html") === true;
      const html = isPage ? await answered.text() : undefined;
      response.end(
        html?.replace("</body>", `${injected}</body>`) ?? Buffer.from(await answered.arrayBuffer()),
      );
    };
    forward().catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  };
  return listen(answer);
}
