import { memo, useState, type ReactNode } from "react";
import { Block } from "./block.tsx";
import { markLaidOut } from "./laid-out.ts";
import { settledBlocks, type Blocks, type Piece } from "./settled-blocks.ts";

interface AnswerProps {
  /** Markdown; it grows while the answer is written. */
  readonly text: string;
  /** No more of it will come. */
  readonly complete: boolean;
}

/** Blocks that are looked at together when an answer grows: those before the last of them are not looked at at all. */
const GROUP = 16;

/**
 * The Markdown view. Only what comes after the last settled block is parsed again. A block is known by
 * where it begins, so that it stays the same element when it settles.
 */
export default function Answer({ text, complete }: AnswerProps): ReactNode {
  const [splitter] = useState(() => new Splitter());
  const { groups, growing, definitions } = splitter.split(complete ? `${text}\n` : text);
  return (
    <div className="answer">
      {groups.map((pieces) => (
        <Group
          key={pieces[0]?.start}
          pieces={pieces}
          definitions={definitions}
          growing={complete ? undefined : growing}
        />
      ))}
    </div>
  );
}

interface GroupProps {
  readonly pieces: readonly Piece[];
  readonly definitions: string;
  /** The piece that more may come of. */
  readonly growing: Piece | undefined;
}

const Group = memo(function Group({ pieces, definitions, growing }: GroupProps): ReactNode {
  return (
    <div ref={markLaidOut} className="group">
      {pieces.map((piece) => (
        <Block
          key={piece.start}
          source={piece.source}
          definitions={definitions}
          growing={piece === growing}
        />
      ))}
    </div>
  );
}, isSameGroup);

/** Without the growing piece in it, which one that is makes no difference. */
function isSameGroup(one: GroupProps, other: GroupProps): boolean {
  return (
    one.definitions === other.definitions &&
    one.pieces.length === other.pieces.length &&
    one.pieces.every((piece, index) => piece === other.pieces[index]) &&
    growingIn(one) === growingIn(other)
  );
}

function growingIn({ pieces, growing }: GroupProps): Piece | undefined {
  return pieces.at(-1) === growing ? growing : undefined;
}

interface Split {
  readonly groups: readonly (readonly Piece[])[];
  readonly growing: Piece | undefined;
  readonly definitions: string;
}

/** Remembers the last split: the next text mostly goes on where that one ended. */
class Splitter {
  #blocks: Blocks | undefined;

  split(text: string): Split {
    this.#blocks = settledBlocks(text, this.#blocks);
    const { settled, growing, definitions } = this.#blocks;
    const pieces = [...settled, ...growing];
    const groups = Array.from({ length: Math.ceil(pieces.length / GROUP) }, (_, index) =>
      pieces.slice(index * GROUP, (index + 1) * GROUP),
    );
    return { groups, growing: growing.at(-1), definitions };
  }
}
