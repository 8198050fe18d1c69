import type { Engine } from "./engine.ts";
import type { Exchange } from "./exchange.ts";
import { goJson } from "./go.ts";
import { fieldsOf, textOf } from "./json.ts";
import type { DemoModel } from "./models.ts";
import {
  can,
  CONTEXT_LENGTH,
  DEMO_VERSION,
  details,
  digest,
  EMBEDDING_LENGTH,
  findModel,
  fullName,
  MODELS,
} from "./models.ts";
import { Refusal } from "./refusal.ts";
import { modelfile, modelInfo, tensors } from "./show.ts";
import type { Surface } from "./surface.ts";
import { OLLAMA, OPENAI } from "./surface.ts";

function sendJson(exchange: Exchange, surface: Surface, value: unknown): void {
  exchange.send(200, { "Content-Type": surface.jsonType }, goJson(value) + surface.ending);
}

/** GET and HEAD /. */
export function root(_engine: Engine, exchange: Exchange): void {
  exchange.send(200, { "Content-Type": "text/plain; charset=utf-8" }, "Ollama is running");
}

/** GET /api/version. */
export function version(_engine: Engine, exchange: Exchange): void {
  sendJson(exchange, OLLAMA, { version: DEMO_VERSION });
}

/** GET /api/tags. */
export function tags(_engine: Engine, exchange: Exchange): void {
  const models = MODELS.map((model) => ({
    name: model.name,
    model: model.name,
    modified_at: model.modifiedAt,
    size: model.size,
    digest: digest(model),
    details: {
      ...details(),
      context_length: CONTEXT_LENGTH,
      embedding_length: EMBEDDING_LENGTH,
    },
    capabilities: model.capabilities,
  }));
  sendJson(exchange, OLLAMA, { models });
}

/** GET /api/ps: what is in memory, and until when. */
export function ps(engine: Engine, exchange: Exchange): void {
  const models = engine.memory.loaded().map(({ model, contextLength, expiresAt }) => ({
    name: model.name,
    model: model.name,
    size: model.size,
    digest: digest(model),
    details: details(),
    expires_at: expiresAt.toISOString(),
    // There is no GPU, as on the machine of the recordings.
    size_vram: 0,
    context_length: contextLength,
  }));
  sendJson(exchange, OLLAMA, { models });
}

function requireListed(name: string): DemoModel {
  const model = findModel(name);
  if (model === undefined) throw new Refusal(404, `model '${fullName(name)}' not found`);
  return model;
}

/** POST /api/show. Older clients call the model `name`. */
export async function show(_engine: Engine, exchange: Exchange): Promise<void> {
  const fields = fieldsOf(await exchange.readJson());
  const name = textOf(fields.model) || textOf(fields.name);
  if (name === "") throw new Refusal(400, "model is required");
  const model = requireListed(name);
  const embeds = can(model, "embedding");
  sendJson(exchange, OLLAMA, {
    modelfile: modelfile(model),
    parameters: embeds ? undefined : `num_ctx                        ${CONTEXT_LENGTH}`,
    template: model.template,
    details: details(),
    model_info: modelInfo(model),
    tensors: tensors(),
    capabilities: model.capabilities,
    modified_at: model.modifiedAt,
  });
}

function listing(model: DemoModel, id: string): unknown {
  const created = Math.floor(Date.parse(model.modifiedAt) / 1000);
  return { id, object: "model", created, owned_by: "library" };
}

/** GET /v1/models. */
export function openaiModels(_engine: Engine, exchange: Exchange): void {
  const data = MODELS.map((model) => listing(model, model.name));
  sendJson(exchange, OPENAI, { object: "list", data });
}

/** GET /v1/models/{id}: the name is repeated as it was asked for. */
export function openaiModel(_engine: Engine, exchange: Exchange, name: string): void {
  sendJson(exchange, OPENAI, listing(requireListed(name), name));
}
