import { once } from "node:events";
import { createServer } from "node:http";
import { isIP } from "node:net";
import { answer } from "./answer.ts";
import type { DemoControls } from "./controls.ts";
import { defaultControls } from "./controls.ts";
import type { Engine } from "./engine.ts";
import { Exchange } from "./exchange.ts";
import { Memory } from "./memory.ts";
import type { DemoRequest, RequestMoment } from "./requests.ts";
import { RequestLog } from "./requests.ts";
import { Slots } from "./slots.ts";

export interface DemoEngineOptions {
  /** 0, the default: a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly controls?: Partial<DemoControls>;
  /** Requests kept in `requests`, the newest; 10,000 by default. */
  readonly remember?: number;
}

export interface DemoEngine {
  readonly url: string;
  readonly port: number;
  /** To be changed at will. */
  readonly controls: DemoControls;
  /** In the order they came. */
  readonly requests: readonly DemoRequest[];
  /** The next request to which this happens, from the call on. */
  next(moment: RequestMoment): Promise<DemoRequest>;
  /** The next request whose connection is done with. */
  nextClosed(): Promise<DemoRequest>;
  /** Ends every connection, then stops listening. */
  close(): Promise<void>;
}

/**
 * Starts an engine that speaks Ollama's wire without a model.
 * @throws when the port is taken
 */
export async function startDemoEngine(options: DemoEngineOptions = {}): Promise<DemoEngine> {
  const { port = 0, host = "127.0.0.1", remember = 10_000 } = options;
  const controls: DemoControls = { ...defaultControls(), ...options.controls };
  const engine: Engine = {
    controls,
    slots: new Slots(() => controls.parallel),
    memory: new Memory(),
    // What Ollama does too: only who listens on loopback can know which names mean this machine.
    checksHost: host === "localhost" || host === "::1" || host.startsWith("127."),
  };
  const log = new RequestLog(remember);
  const server = createServer((request, response) => {
    void answer(engine, new Exchange(request, response, log));
  });
  // Go's server keeps an idle connection open; one that closes it by itself races with a proxy
  // that has just chosen it for the next request.
  server.keepAliveTimeout = 0;
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${bound}`,
    port: bound,
    controls,
    requests: log.entries,
    next: (moment) => log.next(moment),
    nextClosed: () => log.next("closed"),
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
