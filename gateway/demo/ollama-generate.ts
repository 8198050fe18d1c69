import type { Ask, Turn } from "./ask.ts";
import { PLAIN_ASK } from "./ask.ts";
import type { Encoder } from "./encoder.ts";
import type { Engine } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { generate } from "./generate.ts";
import { goJson, timestamp } from "./go.ts";
import { fieldsOf, textOf } from "./json.ts";
import { bind, images, keepAlive, think, topLogprobs } from "./ollama-fields.ts";
import { loadOrUnload } from "./ollama-load.ts";
import { doneFields, logprobsOf, metrics } from "./ollama-records.ts";
import type { Reply } from "./reply.ts";
import { OLLAMA } from "./surface.ts";
import { tokenNumbers } from "./tokens.ts";

/** POST /api/generate. */
export async function ollamaGenerate(engine: Engine, exchange: Exchange): Promise<void> {
  const ask = decodeGenerate(await exchange.readJson());
  const { content = "" } = ask.turns.at(-1) ?? {};
  if (content === "") await loadOrUnload(engine, exchange, ask, { response: "" });
  else await generate(engine, exchange, ask, generateEncoder(ask));
}

function decodeGenerate(body: unknown): Ask {
  const fields = bind(body, "GenerateRequest");
  const system: Turn = { role: "system", content: textOf(fields.system), images: [] };
  const prompt = { role: "user", content: textOf(fields.prompt), images: images(fields.images) };
  return {
    ...PLAIN_ASK,
    verb: "generate",
    model: textOf(fields.model),
    turns: system.content === "" ? [prompt] : [system, prompt],
    stream: fields.stream !== false,
    think: think(fields.think),
    format: fields.format ?? undefined,
    options: fieldsOf(fields.options),
    truncate: fields.truncate !== false,
    shift: fields.shift !== false,
    keepAliveMs: keepAlive(fields.keep_alive),
    topLogprobs: topLogprobs(fields),
  };
}

/** Every token of prompt and reply, as a number. */
function contextOf(reply: Reply): number[] | undefined {
  if (reply.doneReason === undefined) return undefined;
  return tokenNumbers(reply.promptText + reply.thinking + reply.text);
}

/** `application/x-ndjson`. Unlike /api/chat it writes a record for the marks round a thought too. */
function generateEncoder(ask: Ask): Encoder {
  let kind = "text";
  const record = (response: string, rest: object) => ({
    model: ask.model,
    created_at: timestamp(),
    response,
    ...rest,
  });
  const line = (value: unknown) => `${goJson(value)}\n`;
  const end = (reply: Reply) => ({
    ...doneFields(reply),
    context: contextOf(reply),
    ...metrics(reply),
  });
  return {
    surface: OLLAMA,
    streamHeaders: { "Content-Type": "application/x-ndjson" },
    piece(piece) {
      const mark = piece.kind === kind ? "" : line(record("", { done: false }));
      kind = piece.kind;
      const logprobs = logprobsOf(piece, ask.topLogprobs);
      if (piece.kind === "call") return mark;
      const words =
        piece.kind === "text"
          ? record(piece.text, { done: false, logprobs })
          : record("", { thinking: piece.text, done: false, logprobs });
      return mark + line(words);
    },
    finish: (reply) => line(record("", end(reply))),
    failure: (message) => line({ error: message }),
    whole: (reply) => record(reply.text, { thinking: reply.thinking || undefined, ...end(reply) }),
  };
}
