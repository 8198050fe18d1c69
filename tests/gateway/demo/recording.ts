import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const FOLDER = join(import.meta.dirname, "../../fixtures/wire/2026-08");

const Recording = z.object({
  name: z.string(),
  request: z.object({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()),
    /** A string was sent as it stands. */
    body: z.unknown().optional(),
  }),
  response: z.union([
    z.object({
      status: z.number(),
      headers: z.record(z.string(), z.string()),
      chunks: z.array(z.object({ text: z.string() })),
    }),
    /** The client itself broke off. */
    z.object({ error: z.string() }),
  ]),
});

export type Recording = z.infer<typeof Recording>;

/** What a real Ollama said in August 2026, one a file. */
export function readRecordings(): Recording[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
  return files.map((file) => Recording.parse(JSON.parse(readFileSync(join(FOLDER, file), "utf8"))));
}
