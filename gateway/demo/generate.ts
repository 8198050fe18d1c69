import { setTimeout as sleep } from "node:timers/promises";
import type { Ask, RunnerOptions } from "./ask.ts";
import { readOptions } from "./ask.ts";
import type { ModelControls } from "./controls.ts";
import { controlsFor, readingTime } from "./controls.ts";
import type { Encoder } from "./encoder.ts";
import type { Engine } from "./engine.ts";
import { occupy } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { isStreamFault, strike } from "./fault.ts";
import { CONTEXT_LENGTH } from "./models.ts";
import { Pace } from "./pace.ts";
import { fitPrompt, refuseImages, requireModel } from "./prompt.ts";
import type { Piece, Reply } from "./reply.ts";
import { addPiece, newReply, piecesOf } from "./reply.ts";
import type { Sink } from "./sink.ts";
import { streamSink, wholeSink } from "./sink.ts";

/** Where a stream fault strikes that names no place: in the middle, and soon. */
const FAULT_AFTER_TOKENS = 5;

/**
 * Answers a request for words: waits for the slot, loads, reads, and says it piece by piece.
 * @throws {Refusal} as Ollama refuses; the reason of the exchange's signal when the client leaves
 */
export async function generate(
  engine: Engine,
  exchange: Exchange,
  ask: Ask,
  encoder: Encoder,
): Promise<void> {
  const begunAt = performance.now();
  const model = requireModel(ask);
  const controls = controlsFor(engine.controls, model.name);
  const options = readOptions(ask.options);
  const contextLength = Math.min(options.num_ctx ?? CONTEXT_LENGTH, CONTEXT_LENGTH);
  const { keepAliveMs } = ask;
  using place = await occupy(engine, exchange, model, { controls, contextLength, keepAliveMs });
  refuseImages(ask);
  const prompt = fitPrompt(ask, contextLength);
  const reply = newReply(begunAt, place.loadMs, prompt);
  await readPrompt(controls, reply, exchange.signal);
  const sink = ask.stream ? streamSink(exchange, encoder) : wholeSink(exchange, encoder);
  const pieces = piecesOf(ask, model, controls, options.stop ?? []);
  const limit = limitOf(options, ask.shift ? Infinity : contextLength - prompt.tokens);
  await speak({ pieces, limit, controls, sink, exchange }, reply);
}

async function readPrompt(
  controls: ModelControls,
  reply: Reply,
  signal: AbortSignal,
): Promise<void> {
  const begunAt = performance.now();
  const ms = readingTime(controls, reply.promptTokens) + controls.delayBeforeFirstTokenMs;
  if (ms > 0) await sleep(ms, undefined, { signal });
  reply.promptMs = performance.now() - begunAt;
}

/** The most tokens that a reply may have. */
function limitOf(options: RunnerOptions, room: number): number {
  const { num_predict: asked = -1 } = options;
  return Math.min(asked > 0 ? asked : Infinity, room);
}

interface Speech {
  readonly pieces: Iterable<Piece>;
  readonly limit: number;
  readonly controls: ModelControls;
  readonly sink: Sink;
  readonly exchange: Exchange;
}

async function speak(speech: Speech, reply: Reply): Promise<void> {
  const { controls, sink, exchange } = speech;
  const { signal } = exchange;
  const { fault } = controls;
  const pace = new Pace(controls.tokensPerSecond);
  const begunAt = performance.now();
  let strikeAt = isStreamFault(fault) ? (fault.afterTokens ?? FAULT_AFTER_TOKENS) : Infinity;
  for (const piece of speech.pieces) {
    if (reply.evalCount >= strikeAt) {
      if (await strike(fault, sink, reply, signal)) return;
      strikeAt = Infinity;
    }
    if (reply.evalCount >= speech.limit) {
      reply.doneReason = "length";
      break;
    }
    await pace.wait(piece.tokens, signal);
    addPiece(reply, piece);
    exchange.entry.tokens = reply.evalCount;
    await sink.piece(piece);
  }
  if (strikeAt !== Infinity && (await strike(fault, sink, reply, signal))) return;
  reply.evalMs = performance.now() - begunAt;
  reply.totalMs = performance.now() - reply.begunAt;
  reply.doneReason ??= "stop";
  await sink.finish(reply);
}
