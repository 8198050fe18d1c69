import { namedSse } from "./encoder.ts";
import { goJson } from "./go.ts";
import type { Fields } from "./json.ts";
import { isFields } from "./json.ts";
import type { Call, Piece } from "./reply.ts";
import type { ResponseIds } from "./responses-items.ts";
import { callItem, messageItem, outputText, reasoningItem } from "./responses-items.ts";

/** Ollama keeps these events in maps, which Go writes in the order of their keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}

/** The items of one answer as events: each is added, filled and done in its turn. */
export class ItemEvents {
  /** The items that are done. */
  readonly items: unknown[] = [];
  readonly #ids: ResponseIds;
  #number = 0;
  #open: "thinking" | "text" | undefined;
  #said = "";

  constructor(ids: ResponseIds) {
    this.#ids = ids;
  }

  /** One event, numbered. */
  event(name: string, data: Fields): string {
    const type = `response.${name}`;
    const numbered = { ...data, type, sequence_number: this.#number };
    this.#number += 1;
    return namedSse(type, sorted(numbered));
  }

  add(piece: Piece): string {
    if (piece.kind === "call") return this.close() + this.#call(piece.call);
    const opened = this.#open === piece.kind ? "" : this.close() + this.#start(piece.kind);
    this.#said += piece.text;
    const words = { delta: piece.text };
    return (
      opened + (piece.kind === "text" ? this.#text("delta", words) : this.#thought("delta", words))
    );
  }

  close(): string {
    const [open, text] = [this.#open, this.#said];
    if (open === undefined) return "";
    this.#open = undefined;
    this.#said = "";
    if (open === "thinking") {
      return this.#thought("done", { text }) + this.#done(reasoningItem(this.#ids.reasoning, text));
    }
    const part = { ...this.#part(), part: outputText(text) };
    return (
      this.#text("done", { text }) +
      this.event("content_part.done", part) +
      this.#done(messageItem(this.#ids.message, text))
    );
  }

  #place(id: string): Fields {
    return { item_id: id, output_index: this.items.length };
  }

  #part(): Fields {
    return { ...this.#place(this.#ids.message), content_index: 0 };
  }

  #text(phase: "delta" | "done", words: Fields): string {
    return this.event(`output_text.${phase}`, { ...this.#part(), ...words, logprobs: [] });
  }

  #thought(phase: "delta" | "done", words: Fields): string {
    const place = { ...this.#place(this.#ids.reasoning), summary_index: 0 };
    return this.event(`reasoning_summary_text.${phase}`, { ...place, ...words });
  }

  #added(item: unknown): string {
    return this.event("output_item.added", { output_index: this.items.length, item });
  }

  #done(item: unknown): string {
    const written = this.event("output_item.done", { output_index: this.items.length, item });
    this.items.push(item);
    return written;
  }

  #start(kind: "thinking" | "text"): string {
    this.#open = kind;
    if (kind === "thinking") {
      return this.#added({ id: this.#ids.reasoning, type: "reasoning", summary: [] });
    }
    const part = { ...this.#part(), part: outputText("") };
    return this.#added(messageItem(this.#ids.message)) + this.event("content_part.added", part);
  }

  #call(call: Call): string {
    const id = `${this.#ids.call}_${this.items.length}`;
    const json = goJson(call.arguments);
    return (
      this.#added(callItem(id, call, "in_progress")) +
      this.event("function_call_arguments.delta", { ...this.#place(id), delta: json }) +
      this.event("function_call_arguments.done", { ...this.#place(id), arguments: json }) +
      this.#done(callItem(id, call, "completed"))
    );
  }
}
