import type { Ask } from "./ask.ts";
import { readOptions } from "./ask.ts";
import { controlsFor } from "./controls.ts";
import type { Engine } from "./engine.ts";
import { occupy } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { goJson, timestamp } from "./go.ts";
import { CONTEXT_LENGTH } from "./models.ts";
import { requireModel } from "./prompt.ts";
import { OLLAMA } from "./surface.ts";

/**
 * A request without words: it loads the model, or with `keep_alive: 0` puts it out of memory.
 * One JSON document, streamed or not.
 *
 * @param empty the field that would carry the words
 */
export async function loadOrUnload(
  engine: Engine,
  exchange: Exchange,
  ask: Ask,
  empty: Readonly<Record<string, unknown>>,
): Promise<void> {
  const model = requireModel(ask);
  const unload = ask.keepAliveMs === 0;
  if (unload) {
    engine.memory.unload(model);
  } else {
    const controls = controlsFor(engine.controls, model.name);
    const contextLength = Math.min(
      readOptions(ask.options).num_ctx ?? CONTEXT_LENGTH,
      CONTEXT_LENGTH,
    );
    const { keepAliveMs } = ask;
    const place = await occupy(engine, exchange, model, { controls, contextLength, keepAliveMs });
    place[Symbol.dispose]();
  }
  const record = {
    model: ask.model,
    created_at: timestamp(),
    ...empty,
    done: true,
    done_reason: unload ? "unload" : "load",
  };
  exchange.send(200, { "Content-Type": OLLAMA.jsonType }, goJson(record));
}
