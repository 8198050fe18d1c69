import { createHash } from "node:crypto";
import { controlsFor } from "./controls.ts";
import type { Engine } from "./engine.ts";
import { occupy } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { goJson, nanoseconds } from "./go.ts";
import type { Fields } from "./json.ts";
import { fieldsOf, textOf } from "./json.ts";
import { can, CONTEXT_LENGTH, EMBEDDING_LENGTH, findModel } from "./models.ts";
import { keepAlive } from "./ollama-fields.ts";
import { Refusal } from "./refusal.ts";
import { OLLAMA, OPENAI } from "./surface.ts";
import { countTurn } from "./tokens.ts";

interface Embedded {
  readonly vectors: readonly (readonly number[])[];
  readonly promptTokens: number;
  /** Milliseconds. */
  readonly loadMs: number;
  readonly totalMs: number;
}

/** A vector of length one in which texts that share words point the same way. */
function vectorOf(text: string): number[] {
  const vector = Array.from({ length: EMBEDDING_LENGTH }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [""]) {
    const place = createHash("sha256").update(word).digest().readUInt16BE() % EMBEDDING_LENGTH;
    vector[place] = (vector[place] ?? 0) + 1;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** @throws {Refusal} 400, 404 or 501 in Ollama's words; the signal's reason when the client leaves */
async function embed(
  engine: Engine,
  exchange: Exchange,
  fields: Fields,
  texts: readonly string[],
): Promise<Embedded> {
  const begunAt = performance.now();
  const name = textOf(fields.model);
  if (name === "") throw new Refusal(400, "model is required");
  const model = findModel(name);
  if (model === undefined) throw new Refusal(404, `model '${name}' not found`);
  const controls = controlsFor(engine.controls, model.name);
  const keepAliveMs = keepAlive(fields.keep_alive);
  const contextLength = CONTEXT_LENGTH;
  using place = await occupy(engine, exchange, model, { controls, contextLength, keepAliveMs });
  if (!can(model, "embedding")) {
    const message = "This server does not support embeddings. Start it with `--embeddings`";
    throw new Refusal(501, message);
  }
  return {
    vectors: texts.map(vectorOf),
    promptTokens: texts.reduce((sum, text) => sum + countTurn(text), 0),
    loadMs: place.loadMs,
    totalMs: performance.now() - begunAt,
  };
}

/** A text, or a list of them; undefined for anything else. */
function textsOf(input: unknown): string[] | undefined {
  if (typeof input === "string") return [input];
  if (!Array.isArray(input)) return undefined;
  const texts = input.filter((item) => typeof item === "string");
  return texts.length === input.length ? texts : undefined;
}

/** POST /api/embed. */
export async function ollamaEmbed(engine: Engine, exchange: Exchange): Promise<void> {
  const fields = fieldsOf(await exchange.readJson());
  const texts = textsOf(fields.input ?? []);
  if (texts === undefined) throw new Refusal(400, "invalid input type");
  const embedded = await embed(engine, exchange, fields, texts);
  const answer = {
    model: fields.model,
    embeddings: embedded.vectors,
    total_duration: nanoseconds(embedded.totalMs),
    load_duration: nanoseconds(embedded.loadMs),
    prompt_eval_count: embedded.promptTokens || undefined,
  };
  exchange.send(200, { "Content-Type": OLLAMA.jsonType }, goJson(answer));
}

/** POST /api/embeddings, the older one. */
export async function ollamaEmbeddings(engine: Engine, exchange: Exchange): Promise<void> {
  const fields = fieldsOf(await exchange.readJson());
  const prompt = textOf(fields.prompt);
  const { vectors } = await embed(engine, exchange, fields, prompt === "" ? [] : [prompt]);
  const answer = { embedding: vectors[0] ?? [] };
  exchange.send(200, { "Content-Type": OLLAMA.jsonType }, goJson(answer));
}

function base64(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString("base64");
}

/** POST /v1/embeddings. */
export async function openaiEmbeddings(engine: Engine, exchange: Exchange): Promise<void> {
  const fields = fieldsOf(await exchange.readJson());
  const texts = textsOf(fields.input);
  if (texts === undefined || texts.length === 0) throw new Refusal(400, "invalid input", "binding");
  const { vectors, promptTokens } = await embed(engine, exchange, fields, texts);
  const packed = fields.encoding_format === "base64";
  const answer = {
    object: "list",
    data: vectors.map((vector, index) => ({
      object: "embedding",
      embedding: packed ? base64(vector) : vector,
      index,
    })),
    model: fields.model,
    usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
  };
  exchange.send(200, { "Content-Type": OPENAI.jsonType }, goJson(answer) + OPENAI.ending);
}
