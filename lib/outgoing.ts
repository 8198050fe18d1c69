import type { Tap } from "./tap.ts";

const encoder = new TextEncoder();

/** What a reader that stalls may leave unread before upstream is held back. */
const BUFFER_BYTES = 1_048_576;
/** How long a client has for the last words before its connection is broken. */
const LAST_WORDS_MS = 100;
/** A silence this long is broken by a heartbeat; the next comes after another. */
const HEARTBEAT_MS = 15_000;

export interface OutgoingHooks {
  /** The reader left. */
  readonly onCancel: () => void;
  /** What to say in a silence: something every client takes as nothing. */
  readonly heartbeat: () => string;
}

/**
 * The stream towards a caller: back-pressure to the door, heartbeats in silences, nothing written after its end.
 */
export class Outgoing {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #hooks: OutgoingHooks;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #tap: Pick<Tap, "hold" | "release"> | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #isSilent = true;

  constructor(hooks: OutgoingHooks) {
    this.#hooks = hooks;
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#tap?.release(),
        cancel: () => {
          this.#stop();
          hooks.onCancel();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
    );
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  /** What is held when the reader does not keep up. */
  attach(tap: Pick<Tap, "hold" | "release">): void {
    this.#tap = tap;
  }

  write(chunk: string | Uint8Array): void {
    const controller = this.#controller;
    if (controller === undefined || chunk.length === 0) return;
    this.#isSilent = false;
    controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
    if ((controller.desiredSize ?? 0) <= 0) this.#tap?.hold();
  }

  /** The last bytes, if any. */
  end(chunk: string | Uint8Array = ""): void {
    this.write(chunk);
    const controller = this.#controller;
    this.#stop();
    controller?.close();
  }

  /**
   * The last words, and then the connection is broken: for clients that drop what they do not know and would take a
   * clean end for a success. The words get a moment to be read first.
   */
  breakOff(words: string): void {
    this.write(words);
    const controller = this.#controller;
    this.#stop();
    // Next is silent about an abort, and tells any other error with its stack.
    const end = () => controller?.error(new DOMException("the answer broke off", "AbortError"));
    setTimeout(end, LAST_WORDS_MS);
  }

  #stop(): void {
    clearInterval(this.#heartbeat);
    this.#controller = undefined;
  }

  #beat(): void {
    // A reader that is behind has something to read.
    if (this.#isSilent && (this.#controller?.desiredSize ?? 0) > 0) {
      this.write(this.#hooks.heartbeat());
    }
    this.#isSilent = true;
  }
}
