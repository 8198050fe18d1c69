import type { CompileContext, Extension, Handle } from "mdast-util-from-markdown";
import type { InlineMath, Math as FlowMath } from "mdast-util-math";
import { BACKSLASH, DOLLAR } from "./construct.ts";
import type { Syntax } from "./construct.ts";
import { bracketFlow, dollarFlow } from "./flow.ts";
import { bracketText, dollarText } from "./text.ts";

declare module "mdast-util-math" {
  interface MathData {
    /** Its end has come. */
    closed?: boolean;
    lastLine?: number;
  }
  interface InlineMathData {
    closed?: boolean;
    /** To be set apart though it stands in a sentence. */
    display?: boolean;
    lastLine?: number;
  }
}

/**
 * Formulas in all the ways models write them. Within code none of them is one, since code is read first.
 * `openAt` is the end of a text that still grows.
 */
export function mathsSyntax(openAt?: number): Syntax {
  return {
    flow: { [DOLLAR]: dollarFlow, [BACKSLASH]: bracketFlow },
    text: { [DOLLAR]: dollarText(openAt), [BACKSLASH]: bracketText(openAt) },
  };
}

type MathsNode = FlowMath | InlineMath;

function mathsOf(context: CompileContext): MathsNode | undefined {
  const node = context.stack.at(-1);
  return node?.type === "math" || node?.type === "inlineMath" ? node : undefined;
}

const addValue: Handle = function addValue(token) {
  const node = mathsOf(this);
  if (node === undefined) return;
  const { lastLine } = node.data ?? {};
  const between = lastLine === undefined || lastLine === token.start.line ? "" : "\n";
  node.value += between + this.sliceSerialize(token);
  node.data = { ...node.data, lastLine: token.end.line };
};

const leave: Handle = function leave(token) {
  this.exit(token);
};

/** Formulas as nodes: `math` in lines of its own, with what follows its end in `meta`, and `inlineMath`. */
export const mathsTree: Extension = {
  enter: {
    mathFlow(token) {
      this.enter({ type: "math", meta: null, value: "", data: { closed: false } }, token);
    },
    mathText(token) {
      const display = /^(?:\$\$|\\\[)/u.test(this.sliceSerialize(token));
      this.enter({ type: "inlineMath", value: "", data: { closed: false, display } }, token);
    },
  },
  exit: {
    mathFlow: leave,
    mathText: leave,
    mathFlowValue: addValue,
    mathTextData: addValue,
    // The first of them finds no value and no mark before it, the second closes.
    mathFlowFence: noteMark,
    mathTextSequence: noteMark,
    mathFlowFenceMeta(token) {
      const node = mathsOf(this);
      if (node?.type === "math") node.meta = this.sliceSerialize(token);
    },
  },
};

function noteMark(this: CompileContext, token: Parameters<Handle>[0]): undefined {
  const node = mathsOf(this);
  if (node === undefined || token.start.offset === node.position?.start.offset) return;
  node.data = { ...node.data, closed: true };
}
