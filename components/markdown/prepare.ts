import { growingTree } from "./growing.ts";
import { idleQueue } from "./idle-queue.ts";
import { typesetter } from "./maths/typesetter.ts";
import { settledBlocks } from "./settled-blocks.ts";

/** Of everything that an answer may have, something. */
const SAMPLE = `## A door

It has a **key**, a \`lock\` and [a way in](https://example.org/), $a^2$ and ~~nothing~~ more.

- one *thing*
- [ ] another

1. first

| a | b |
|---|--:|
| c | d |

> Said by somebody.

\`\`\`text
a line
\`\`\`

$$
\\frac{1}{2}
$$
`;
const STEP = 16;

/**
 * Runs what shows an answer a few times over, piece by piece while the page is idle: a browser works out how when a
 * function first runs, and that would hold up the first words of the first answer, on a slow phone for a tenth of a
 * second.
 */
export async function prepareAnswers(): Promise<void> {
  for (let length = STEP; length <= SAMPLE.length; length += STEP) {
    const text = SAMPLE.slice(0, length);
    idleQueue.add(() => {
      const last = settledBlocks(text).growing.at(-1);
      if (last !== undefined) growingTree(last.source, 0);
    });
  }
  await typesetter.load();
  idleQueue.add(() => typesetter.here?.setFormula("\\frac{a^2}{\\sqrt{b}}", true));
}
