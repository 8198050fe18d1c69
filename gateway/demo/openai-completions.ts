import { randomInt } from "node:crypto";
import type { Ask } from "./ask.ts";
import { PLAIN_ASK } from "./ask.ts";
import type { Encoder } from "./encoder.ts";
import { sse, SSE_HEADERS, unixSeconds } from "./encoder.ts";
import type { Engine } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { generate } from "./generate.ts";
import { fieldsOf, textOf } from "./json.ts";
import { usageOf } from "./openai-chat.ts";
import { optionsOf } from "./openai-fields.ts";
import { OPENAI } from "./surface.ts";

/** POST /v1/completions. */
export async function openaiCompletions(engine: Engine, exchange: Exchange): Promise<void> {
  const fields = fieldsOf(await exchange.readJson());
  const ask: Ask = {
    ...PLAIN_ASK,
    verb: "generate",
    model: textOf(fields.model),
    turns: [{ role: "user", content: textOf(fields.prompt), images: [] }],
    stream: fields.stream === true,
    options: optionsOf(fields),
  };
  const usage = fieldsOf(fields.stream_options).include_usage === true;
  await generate(engine, exchange, ask, completionEncoder(ask.model, usage));
}

function completionEncoder(model: string, withUsage: boolean): Encoder {
  const id = `cmpl-${randomInt(999)}`;
  const object = "text_completion";
  const mark = { system_fingerprint: "fp_ollama" };
  const choice = (text: string, reason: string | null) => ({
    text,
    index: 0,
    finish_reason: reason,
  });
  const chunk = (choices: unknown[], rest: object = {}, named = model) =>
    sse({ id, object, created: unixSeconds(), choices, model: named, ...mark, ...rest });
  return {
    surface: OPENAI,
    streamHeaders: SSE_HEADERS,
    // What is thought has no place in this dialect; its chunks come all the same, and are empty.
    piece: (piece) => chunk([choice(piece.kind === "text" ? piece.text : "", null)]),
    finish(reply) {
      const last = chunk([choice("", reply.doneReason ?? null)]);
      const counts = withUsage ? chunk([], { usage: usageOf(reply) }) : "";
      return `${last}${counts}data: [DONE]\n\n`;
    },
    failure: () => chunk([choice("", null)], {}, ""),
    whole: (reply) => ({
      id,
      object,
      created: unixSeconds(),
      model,
      ...mark,
      choices: [choice(reply.text, reply.doneReason ?? null)],
      usage: usageOf(reply),
    }),
  };
}
