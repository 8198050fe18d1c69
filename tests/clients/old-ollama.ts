import { expect } from "vitest";
import type { Cannot, Probe, Thought } from "./client.ts";

/** A thought asked for on /v1 of an Ollama of 2025. */
export function thoughtInText(think: Probe<Thought>): Cannot {
  return {
    cannot: "Ollama of 2025 has no field for a thought on /v1: it stands in the text",
    shown: async (point) => {
      const { thinking, text } = await think(point);
      expect(thinking).toBe("");
      expect(text).toMatch(/^<think>[^]+<\/think>/u);
    },
  };
}

/**
 * A surface that an Ollama of 2025 does not have.
 *
 * @param chat asks it, with the client's retries off
 */
export function tooOld(path: string, chat: Probe<unknown>): Cannot {
  return {
    cannot: `Ollama of 2025 has no ${path}: 501 ollama_too_old`,
    shown: async (point) => {
      const error: unknown = await chat(point).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ status: 501 });
      expect(String(error)).toMatch(/too old/iu);
    },
  };
}
