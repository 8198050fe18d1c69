import { useState, type ReactNode } from "react";
import { Block } from "./block.tsx";
import { settledBlocks, type Blocks } from "./settled-blocks.ts";

interface AnswerProps {
  /** Markdown; it grows while the answer is written. */
  readonly text: string;
  /** No more of it will come. */
  readonly complete: boolean;
}

/**
 * The Markdown view. Only what comes after the last settled block is parsed again. A block is known by
 * where it begins, so that it stays the same element when it settles.
 */
export default function Answer({ text, complete }: AnswerProps): ReactNode {
  const [splitter] = useState(() => new Splitter());
  const { settled, growing, definitions } = splitter.split(complete ? `${text}\n` : text);
  const last = growing.at(-1);
  return (
    <div className="answer">
      {[...settled, ...growing].map((piece) => (
        <Block
          key={piece.start}
          source={piece.source}
          definitions={definitions}
          growing={!complete && piece === last}
        />
      ))}
    </div>
  );
}

/** Remembers the last split: the next text mostly goes on where that one ended. */
class Splitter {
  #blocks: Blocks | undefined;

  split(text: string): Blocks {
    this.#blocks = settledBlocks(text, this.#blocks);
    return this.#blocks;
  }
}
