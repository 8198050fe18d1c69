import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";

const recordingSchema = z.object({
  name: z.string(),
  request: z.object({ method: z.string(), path: z.string(), body: z.unknown().optional() }),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    complete: z.boolean(),
    chunks: z.array(z.object({ ms: z.number(), text: z.string() })),
  }),
});

export type Recording = z.output<typeof recordingSchema>;

const GENERATIONS = ["2026-08", "v0.11.4"] as const;

/** What real Ollamas said, both generations, by `generation/name`. */
export function readRecordings(): ReadonlyMap<string, Recording> {
  const recordings = new Map<string, Recording>();
  for (const generation of GENERATIONS) {
    const folder = new URL(`../fixtures/wire/${generation}/`, import.meta.url);
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
      const recording: unknown = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
      const name = file.slice(0, -5);
      // Was cut by the recorder: there is no answer.
      if (name === "chat-abort") continue;
      recordings.set(`${generation}/${name}`, recordingSchema.parse(recording));
    }
  }
  return recordings;
}

/** The body of a recorded answer, whole. */
export function bodyOf(recording: Recording): string {
  return recording.response.chunks.map(({ text }) => text).join("");
}
