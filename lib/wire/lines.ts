/** What a line may hold; a longer one is not a record of Ollama's. */
const LINE_CAP_CHARACTERS = 8_388_608;

/**
 * Cuts bytes into complete lines, wherever the network cut them, inside a character too.
 * Buffers at most one unfinished line, up to 8 Mi characters; beyond that `push` throws a RangeError.
 */
export class LineSplitter {
  readonly #decoder = new TextDecoder("utf-8");
  #rest = "";

  /** The lines that are complete after these bytes, without their line ends; empty lines are left out. */
  push(bytes: Uint8Array): string[] {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    const end = text.lastIndexOf("\n");
    this.#rest = end === -1 ? text : text.slice(end + 1);
    if (this.#rest.length > LINE_CAP_CHARACTERS) throw new RangeError("a line without an end");
    return end === -1 ? [] : text.slice(0, end).split("\n").filter(isFilled);
  }

  /** The last line, where the stream ended without a line end after it. */
  end(): string[] {
    const last = this.#rest + this.#decoder.decode();
    this.#rest = "";
    return [last].filter(isFilled);
  }
}

function isFilled(line: string): boolean {
  return line !== "" && line !== "\r";
}
