import { z } from "zod";
import type { Script } from "../wire/script.ts";
import { Progress, type Check } from "./check.ts";

const deltaSchema = z.object({ delta: z.string() });

/** For the AI SDK's UI message stream, whoever writes it: its deltas, put together, are the text. */
export class UiStreamCheck implements Check {
  readonly #text: string;
  readonly #progress: Progress;
  readonly #decoder = new TextDecoder();
  #rest = "";
  #place = 0;
  #finished = false;
  #done = false;
  #wrong: string | undefined;

  constructor(script: Script) {
    this.#text = script.text;
    this.#progress = new Progress(script.textEnds);
  }

  push(bytes: Buffer): number {
    const events = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n\n");
    this.#rest = events.pop() ?? "";
    for (const event of events) this.#take(event);
    return this.#progress.at(this.#place);
  }

  problem(): string | undefined {
    if (this.#wrong !== undefined) return this.#wrong;
    if (this.#place < this.#text.length) {
      return `${this.#place} of ${this.#text.length} characters came`;
    }
    if (!this.#finished) return "there was no finish part";
    return this.#done ? undefined : "there was no [DONE]";
  }

  #take(event: string): void {
    if (event === "" || event.startsWith(":")) return;
    if (event.startsWith('data: {"type":"text-delta"')) {
      const { delta } = deltaSchema.parse(JSON.parse(event.slice("data: ".length)));
      if (this.#text.startsWith(delta, this.#place)) this.#place += delta.length;
      else this.#wrong ??= `the text differs after ${this.#place} characters`;
    } else if (event.startsWith('data: {"type":"finish"')) this.#finished = true;
    else if (event.startsWith('data: {"type":"error"')) this.#wrong ??= event;
    else if (event === "data: [DONE]") this.#done = true;
  }
}
