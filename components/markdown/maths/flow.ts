import {
  BACKSLASH,
  BRACKET_END,
  DOLLARS,
  isBlank,
  isLineEnd,
  markOf,
  OPEN_BRACKET,
  skipBlanks,
  type Code,
  type Construct,
  type Context,
  type Effects,
  type Mark,
  type State,
  type Tokenizer,
} from "./construct.ts";

/**
 * A formula in lines of its own: from `$$` or `\[` at the start of a line to its counterpart, wherever on
 * a line that is. An opening that stands alone holds until then, blank lines or not, as a fence does; one
 * with more on its line ends at a blank line, since no formula goes on there. What is closed on its first
 * line and followed by more is no formula of this kind but part of a sentence.
 */
function flowOf(open: Mark, close: Mark): Construct {
  const tokenize: Tokenizer = function tokenize(effects, ok, nok) {
    return new Reader(this, effects, ok, nok, close).start(open);
  };
  return { name: "mathFlow", concrete: true, tokenize };
}

class Reader {
  readonly #context: Context;
  readonly #effects: Effects;
  readonly #ok: State;
  readonly #nok: State;
  readonly #close: Mark;
  #firstLine = true;
  #alone = true;

  constructor(context: Context, effects: Effects, ok: State, nok: State, close: Mark) {
    this.#context = context;
    this.#effects = effects;
    this.#ok = ok;
    this.#nok = nok;
    this.#close = close;
  }

  start(open: Mark): State {
    return (code) => {
      this.#effects.enter("mathFlow");
      return this.#effects.attempt(
        markOf(open, "mathFlowFence"),
        skipBlanks(this.#effects, this.#afterOpening),
        this.#nok,
      )(code);
    };
  }

  readonly #afterOpening: State = (code) => {
    this.#alone = code === null || isLineEnd(code);
    // Three dollars and more are nothing.
    if (code === this.#close[0] && this.#close === DOLLARS) return this.#nok(code);
    return this.#content(code);
  };

  /** At any place within a line where no token is open. */
  readonly #content: State = (code) => {
    if (code === null || isLineEnd(code)) return this.#lineEnd(code);
    if (code === this.#close[0]) {
      return this.#effects.attempt(
        markOf(this.#close, "mathFlowFence"),
        skipBlanks(this.#effects, this.#afterClosing),
        this.#beginValue,
      )(code);
    }
    return this.#beginValue(code);
  };

  readonly #beginValue: State = (code) => {
    this.#effects.enter("mathFlowValue");
    return this.#valueSign(code);
  };

  #valueSign(code: Code): State | undefined {
    this.#effects.consume(code);
    // A sign after a backslash is never a closing one: `\\]`, `\$`.
    return code === BACKSLASH ? this.#escaped : this.#value;
  }

  readonly #escaped: State = (code) => {
    if (code === null || isLineEnd(code)) return this.#value(code);
    this.#effects.consume(code);
    return this.#value;
  };

  readonly #value: State = (code) => {
    if (code !== null && !isLineEnd(code) && code !== this.#close[0] && code !== BACKSLASH) {
      this.#effects.consume(code);
      return this.#value;
    }
    this.#effects.exit("mathFlowValue");
    return this.#content(code);
  };

  #lineEnd(code: Code): State | undefined {
    this.#firstLine = false;
    // Asked only whether this ends a paragraph.
    if (code === null || this.#context.interrupt === true) return this.#end(code);
    return this.#effects.attempt(
      nextLine(this.#context, this.#alone),
      this.#content,
      this.#end,
    )(code);
  }

  readonly #afterClosing: State = (code) => {
    if (code === null || isLineEnd(code)) return this.#end(code);
    if (this.#firstLine) return this.#nok(code);
    this.#effects.enter("mathFlowFenceMeta");
    return this.#trailing(code);
  };

  readonly #trailing: State = (code) => {
    if (code === null || isLineEnd(code)) {
      this.#effects.exit("mathFlowFenceMeta");
      return this.#end(code);
    }
    this.#effects.consume(code);
    return this.#trailing;
  };

  readonly #end: State = (code) => {
    this.#effects.exit("mathFlow");
    return this.#ok(code);
  };
}

/** Goes to the next line if it still belongs to the same containers and, unless told so, is not blank. */
function nextLine(context: Context, blankToo: boolean): Construct {
  return {
    partial: true,
    tokenize(effects, ok, nok) {
      const lineStart: State = (code) => {
        if (context.parser.lazy[context.now().line] === true) return nok(code);
        return skipBlanks(effects, afterBlanks)(code);
      };
      const afterBlanks: State = (code) => {
        const blank = code === null || isLineEnd(code) || isBlank(code);
        return blank && !blankToo ? nok(code) : ok(code);
      };
      return (code) => {
        effects.enter("lineEnding");
        effects.consume(code);
        effects.exit("lineEnding");
        return lineStart;
      };
    },
  };
}

export const dollarFlow = flowOf(DOLLARS, DOLLARS);
export const bracketFlow = flowOf([BACKSLASH, OPEN_BRACKET], BRACKET_END);
