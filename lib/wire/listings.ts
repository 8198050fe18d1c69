import { z } from "zod";

/**
 * What the lists and descriptions of models may tell a caller, field by field: Ollama's own hold file paths, system
 * prompts and hosts of the home machine (WIRE.md, "Seen in the recordings").
 */
const details = z.object({
  parent_model: z.literal("").optional().catch(undefined),
  format: z.string().optional(),
  family: z.string().optional(),
  families: z.array(z.string()).nullish(),
  parameter_size: z.string().optional(),
  quantization_level: z.string().optional(),
  context_length: z.number().optional(),
  embedding_length: z.number().optional(),
});

const named = {
  name: z.string(),
  model: z.string().optional(),
  size: z.number().optional(),
  digest: z.string().optional(),
  details: details.optional(),
};

function list<Model extends z.ZodType>(model: Model) {
  return z
    .array(model)
    .nullish()
    .transform((models) => models ?? []);
}

/** GET /api/tags. */
export const tagsListing = z.object({
  models: list(
    z.object({
      ...named,
      modified_at: z.string().optional(),
      capabilities: z.array(z.string()).optional(),
    }),
  ),
});

/** GET /api/ps. */
export const psListing = z.object({
  models: list(
    z.object({
      ...named,
      expires_at: z.string().optional(),
      size_vram: z.number().optional(),
      context_length: z.number().optional(),
    }),
  ),
});

const openaiModel = z.object({
  id: z.string(),
  object: z.string().optional(),
  created: z.number().optional(),
  owned_by: z.string().optional(),
});

/** GET /v1/models. */
export const openaiListing = z.object({ object: z.string().optional(), data: list(openaiModel) });

/** GET /v1/models/ID. */
export const openaiModelListing = openaiModel;

/** GET /api/version. */
export const versionListing = z.object({ version: z.string() });

/** POST /api/show. */
export const showListing = z.object({
  details: details.optional(),
  model_info: z
    .record(z.string(), z.unknown())
    .transform((info) =>
      // Word lists of megabytes, and whatever a model's maker wrote about its making.
      Object.fromEntries(
        Object.entries(info).filter(
          ([, value]) => typeof value === "number" || isShort(value) || typeof value === "boolean",
        ),
      ),
    )
    .optional(),
  capabilities: z.array(z.string()).optional(),
  modified_at: z.string().optional(),
});

function isShort(value: unknown): boolean {
  return typeof value === "string" && value.length <= 100 && !value.includes("/");
}
