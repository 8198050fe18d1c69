// Its types bring the names of the tokens, too: mathFlow, mathText and what is in them.
import type { math } from "micromark-extension-math";

/** What a parser of Markdown can be extended by. */
export type Syntax = ReturnType<typeof math>;
type Listed = NonNullable<NonNullable<Syntax["flow"]>[string]>;
export type Construct = Exclude<Listed, unknown[]>;
export type Tokenizer = Construct["tokenize"];
export type Effects = Parameters<Tokenizer>[0];
export type State = Parameters<Tokenizer>[1];
export type Code = Parameters<State>[0];
export type Context = ThisParameterType<Tokenizer>;

export const DOLLAR = 36;
export const BACKSLASH = 92;
export const OPEN_PAREN = 40;
export const OPEN_BRACKET = 91;
const CLOSE_PAREN = 41;
const CLOSE_BRACKET = 93;

/** The two signs that end what these began with. */
export type Mark = readonly [first: number, second: number];
export const PAREN_END: Mark = [BACKSLASH, CLOSE_PAREN];
export const BRACKET_END: Mark = [BACKSLASH, CLOSE_BRACKET];
export const DOLLARS: Mark = [DOLLAR, DOLLAR];

/** Codes below -2 are ends of lines, -2 and -1 a tab, null the end of the text. */
export function isLineEnd(code: Code): code is -5 | -4 | -3 {
  return code !== null && code < -2;
}

export function isBlank(code: Code): boolean {
  return code === -2 || code === -1 || code === 32;
}

/** Reads two given signs as one token, or nothing. */
export function markOf(
  [first, second]: Mark,
  token: "mathFlowFence" | "mathTextSequence",
): Construct {
  return {
    partial: true,
    tokenize(effects, ok, nok) {
      return (code) => {
        if (code !== first) return nok(code);
        effects.enter(token);
        effects.consume(code);
        return (next) => {
          if (next !== second) return nok(next);
          effects.consume(next);
          effects.exit(token);
          return ok;
        };
      };
    },
  };
}

/** Goes over blanks on a line. */
export function skipBlanks(effects: Effects, next: State): State {
  const inside: State = (code) => {
    if (isBlank(code)) {
      effects.consume(code);
      return inside;
    }
    effects.exit("whitespace");
    return next(code);
  };
  return (code) => {
    if (!isBlank(code)) return next(code);
    effects.enter("whitespace");
    return inside(code);
  };
}
