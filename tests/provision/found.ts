import { z } from "zod";

/** A program that some tests need and a bare machine lacks. */
export const PART_NAMES = [
  "caddy",
  "caddyCurrent",
  "nginx",
  "redis",
  "chromium",
  "ollama",
] as const;
export type PartName = (typeof PART_NAMES)[number];

/** What the provisioner found or brought in: absolute paths, and why the rest is missing. */
export const foundSchema = z.object({
  parts: z.partialRecord(z.enum(PART_NAMES), z.string()),
  /** The OLLAMA_MODELS folder that holds the scripted models. */
  models: z.string().optional(),
  missing: z.array(z.object({ name: z.string(), reason: z.string() })),
});
export type Found = z.infer<typeof foundSchema>;
