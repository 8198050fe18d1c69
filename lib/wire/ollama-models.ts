import { z } from "zod";

const details = z.object({
  family: z.string().default(""),
  parameter_size: z.string().default(""),
  quantization_level: z.string().default(""),
  context_length: z.number().optional(),
});

/** GET /api/tags. Ollama of August 2025 tells neither capabilities nor context_length (WIRE.md). */
export const tagsSchema = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        digest: z.string().default(""),
        size: z.number().default(0),
        remote_host: z.string().optional(),
        details: details.prefault({}),
        capabilities: z.array(z.string()).optional(),
      }),
    )
    .nullish()
    .transform((models) => models ?? []),
});

export type TaggedModel = z.output<typeof tagsSchema>["models"][number];

/** GET /api/ps. */
export const loadedSchema = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        expires_at: z.string().optional(),
        context_length: z.number().optional(),
      }),
    )
    .nullish()
    .transform((models) => models ?? []),
});

export type LoadedModel = z.output<typeof loadedSchema>["models"][number];

/**
 * POST /api/show, by list: its modelfile, template and system prompt tell things of the home machine.
 * The context length stands under `ARCHITECTURE.context_length`.
 */
export const showSchema = z
  .object({
    capabilities: z.array(z.string()).default(["completion"]),
    model_info: z.record(z.string(), z.unknown()).default({}),
  })
  .transform(({ capabilities, model_info }) => {
    const architecture = model_info["general.architecture"];
    const length = z.number().safeParse(model_info[`${String(architecture)}.context_length`]);
    return { capabilities, contextLength: length.success ? length.data : undefined };
  });

export type ShownModel = z.output<typeof showSchema>;

/** A name without a tag means `:latest`. */
export function withTag(name: string): string {
  const lastSegment = name.slice(name.lastIndexOf("/") + 1);
  return lastSegment.includes(":") ? name : `${name}:latest`;
}

/** Whether a model runs on somebody else's machine, on the owner's account there. */
export function isCloud(model: TaggedModel): boolean {
  return /[-:]cloud$/.test(model.name) || (model.remote_host ?? "") !== "";
}
