import { admit } from "./admission.ts";
import type { Engine } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { goJson } from "./go.ts";
import { Refusal } from "./refusal.ts";
import { findRoute } from "./routes.ts";
import type { Surface } from "./surface.ts";
import { CHARSET_JSON } from "./surface.ts";

const PLAIN = { "Content-Type": "text/plain" };

/** Answers one request, whatever it is; never rejects. */
export async function answer(engine: Engine, exchange: Exchange): Promise<void> {
  const { request, response, signal } = exchange;
  const [path = ""] = exchange.entry.path.split("?");
  const found = findRoute(path);
  const fits = found?.route.methods.includes(request.method ?? "") === true;
  const allow = found === undefined || fits ? {} : { Allow: found.route.methods.join(", ") };
  const admission = admit(request, engine.checksHost);
  if (admission.kind === "refused") return exchange.send(403, allow);
  if (admission.kind === "preflight") {
    return exchange.sendNothing(204, { ...allow, ...admission.headers });
  }
  response.setHeaders(new Map(admission.headers));
  if (found === undefined) return exchange.send(404, PLAIN, "404 page not found");
  if (!fits) return exchange.send(405, { ...allow, ...PLAIN }, "405 method not allowed");
  try {
    await found.route.handle(engine, exchange, found.name);
  } catch (thrown) {
    if (signal.aborted || isDisconnect(thrown)) return undefined;
    report(exchange, found.route.surface, thrown);
  }
  return undefined;
}

/** The client left while it still sent its body: there is nobody to answer. */
function isDisconnect(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ECONNRESET";
}

function report(exchange: Exchange, surface: Surface, thrown: unknown): void {
  if (thrown instanceof Refusal) return refuse(exchange, surface, thrown);
  // A mistake of the engine's own: whoever runs it should see it whole.
  console.error(thrown);
  if (exchange.response.headersSent) exchange.response.destroy();
  else refuse(exchange, surface, new Refusal(500, "the demo engine made a mistake"));
  return undefined;
}

/** A refusal in the dialect and with the headers that it has in Ollama. */
function refuse(exchange: Exchange, surface: Surface, refusal: Refusal): void {
  const { status, stage, message } = refusal;
  const json = goJson(surface.error(status, message));
  switch (stage) {
    case "binding":
      return exchange.send(status, { "Content-Type": CHARSET_JSON }, json);
    case "handler":
      return exchange.send(status, { "Content-Type": surface.jsonType }, json + surface.ending);
    case "runner":
      exchange.begin(status, { "Content-Type": "application/json" });
      exchange.response.write(json + surface.ending);
      exchange.response.end();
      return undefined;
  }
}
