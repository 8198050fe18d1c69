import type { Ask, Turn } from "./ask.ts";
import type { DemoModel } from "./models.ts";
import { can, findModel } from "./models.ts";
import { Refusal } from "./refusal.ts";
import { countTurn } from "./tokens.ts";

/**
 * The model that was asked for, able to do what was asked.
 * @throws {Refusal} 400 or 404, in Ollama's words
 */
export function requireModel(ask: Ask): DemoModel {
  if (ask.model === "") throw new Refusal(400, "model is required");
  const model = findModel(ask.model);
  if (model === undefined) throw new Refusal(404, `model '${ask.model}' not found`);
  if (!can(model, "completion")) {
    throw new Refusal(400, `"${ask.model}" does not support ${ask.verb}`);
  }
  if (ask.think !== undefined && ask.think !== false && !can(model, "thinking")) {
    throw new Refusal(400, `"${ask.model}" does not support thinking`);
  }
  if (ask.tools.length > 0 && !can(model, "tools")) {
    throw new Refusal(400, `registry.ollama.ai/library/${model.name} does not support tools`);
  }
  return model;
}

/** What the runner says itself comes as JSON in Ollama's string. */
function runnerRefusal(ask: Ask, error: Readonly<Record<string, unknown>>): Refusal {
  const stage = ask.stream ? "runner" : "handler";
  return new Refusal(400, JSON.stringify({ error: { code: 400, ...error } }), stage);
}

/** @throws {Refusal} 400 when there are images: no demo model can see */
export function refuseImages(ask: Ask): void {
  if (ask.turns.every((turn) => turn.images.length === 0)) return;
  throw runnerRefusal(ask, {
    message: "Multimodal data provided, but model does not support multimodal requests.",
    type: "invalid_request_error",
  });
}

function countTurns(turns: readonly Turn[]): number {
  return turns.reduce((sum, turn) => sum + countTurn(turn.content), 0);
}

interface Prompt {
  readonly text: string;
  readonly tokens: number;
}

/**
 * What of the conversation fits the context. Without a word the oldest messages are left out, as
 * Ollama does; the system's and the last one stay.
 *
 * @throws {Refusal} 400 with both numbers, when `truncate` is false and it does not fit
 */
export function fitPrompt(ask: Ask, contextLength: number): Prompt {
  const tools = ask.tools.length === 0 ? [] : [toolTurn(ask)];
  let turns = [...tools, ...ask.turns];
  const wanted = countTurns(turns);
  if (wanted > contextLength && !ask.truncate) {
    throw runnerRefusal(ask, {
      message: `request (${wanted} tokens) exceeds the available context size (${contextLength} tokens), try increasing it`,
      type: "exceed_context_size_error",
      n_prompt_tokens: wanted,
      n_ctx: contextLength,
    });
  }
  while (countTurns(turns) > contextLength) {
    const oldest = turns.findIndex((turn, at) => turn.role !== "system" && at < turns.length - 1);
    if (oldest < 0) break;
    turns = turns.toSpliced(oldest, 1);
  }
  const text = turns.map((turn) => turn.content).join("");
  return { text, tokens: Math.min(countTurns(turns), contextLength) };
}

function toolTurn(ask: Ask): Turn {
  return { role: "system", content: JSON.stringify(ask.tools), images: [] };
}
