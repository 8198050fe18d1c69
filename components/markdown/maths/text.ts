import {
  BACKSLASH,
  BRACKET_END,
  DOLLAR,
  DOLLARS,
  isBlank,
  isLineEnd,
  markOf,
  OPEN_BRACKET,
  OPEN_PAREN,
  PAREN_END,
  type Code,
  type Construct,
  type Context,
  type Effects,
  type Mark,
  type State,
} from "./construct.ts";

const BACKTICK = 96;

/**
 * A formula within a sentence: `\(a\)`, `\[a\]`, `$$a$$`. One that is still open at `openAt`, the end of a
 * text that grows, is taken for a formula too, so that its source is not shown as emphasis meanwhile.
 */
function between(
  context: Context,
  effects: Effects,
  ok: State,
  nok: State,
  close: Mark,
  openAt: number | undefined,
): State {
  const outside: State = (code) => {
    if (code === null) return context.now().offset === openAt ? end(code) : nok(code);
    if (isLineEnd(code)) {
      effects.enter("lineEnding");
      effects.consume(code);
      effects.exit("lineEnding");
      return outside;
    }
    if (code !== close[0]) return begin(code);
    return effects.attempt(markOf(close, "mathTextSequence"), end, begin)(code);
  };
  const begin: State = (code) => {
    effects.enter("mathTextData");
    effects.consume(code);
    return code === BACKSLASH ? escaped : inside;
  };
  const escaped: State = (code) => {
    if (code === null || isLineEnd(code)) return inside(code);
    effects.consume(code);
    return inside;
  };
  const inside: State = (code) => {
    if (code !== null && !isLineEnd(code) && code !== close[0] && code !== BACKSLASH) {
      effects.consume(code);
      return inside;
    }
    effects.exit("mathTextData");
    return outside(code);
  };
  const end: State = (code) => {
    effects.exit("mathText");
    return ok(code);
  };
  return outside;
}

/**
 * What a single dollar sign begins. "$5 and $10" are prices: a formula has no blank inside its dollars,
 * no digit after them, and no code in it.
 */
function betweenDollars(effects: Effects, ok: State, nok: State): State {
  let before: Code = DOLLAR;
  const outside: State = (code) => {
    if (code === null || code === BACKTICK) return nok(code);
    if (isLineEnd(code)) {
      before = code;
      effects.enter("lineEnding");
      effects.consume(code);
      effects.exit("lineEnding");
      return outside;
    }
    if (code === DOLLAR) return close(code);
    effects.enter("mathTextData");
    return inside(code);
  };
  const inside: State = (code) => {
    if (code === null || code === BACKTICK || code === DOLLAR || isLineEnd(code)) {
      effects.exit("mathTextData");
      return outside(code);
    }
    before = code;
    effects.consume(code);
    return code === BACKSLASH ? escaped : inside;
  };
  const escaped: State = (code) => {
    if (code === null || isLineEnd(code)) return inside(code);
    before = code;
    effects.consume(code);
    return inside;
  };
  const close: State = (code) => {
    if (before === DOLLAR || isBlank(before) || isLineEnd(before)) return nok(code);
    effects.enter("mathTextSequence");
    effects.consume(code);
    effects.exit("mathTextSequence");
    return (next) => {
      if (next !== null && next >= 48 && next <= 57) return nok(next);
      effects.exit("mathText");
      return ok(next);
    };
  };
  return (code) => (isBlank(code) || isLineEnd(code) ? nok(code) : outside(code));
}

/** Formulas that begin with a dollar sign, at the sign. */
export function dollarText(openAt: number | undefined): Construct {
  return {
    name: "mathText",
    previous: (code) => code !== DOLLAR,
    tokenize(effects, ok, nok) {
      return (code) => {
        effects.enter("mathText");
        effects.enter("mathTextSequence");
        effects.consume(code);
        return (next) => {
          if (next !== DOLLAR) {
            effects.exit("mathTextSequence");
            return betweenDollars(effects, ok, nok)(next);
          }
          effects.consume(next);
          effects.exit("mathTextSequence");
          const rest = between(this, effects, ok, nok, DOLLARS, openAt);
          return (third) => (third === DOLLAR ? nok(third) : rest(third));
        };
      };
    },
  };
}

/** Formulas that begin with a backslash, at the backslash. Made anew for each text. */
export function bracketText(openAt: number | undefined): Construct {
  /** By their signs: an opening one after this, up to there, has no closing one, as the one before it had none. */
  const vain = new Map<Code, { readonly after: number; readonly until: number }>();
  return {
    name: "mathText",
    tokenize(effects, ok, nok) {
      const { offset } = this.now();
      return (code) => {
        effects.enter("mathText");
        effects.enter("mathTextSequence");
        effects.consume(code);
        return (next) => {
          if (next !== OPEN_PAREN && next !== OPEN_BRACKET) return nok(next);
          const known = vain.get(next);
          if (known !== undefined && offset > known.after && offset < known.until) return nok(next);
          effects.consume(next);
          effects.exit("mathTextSequence");
          const close = next === OPEN_PAREN ? PAREN_END : BRACKET_END;
          const giveUp: State = (last) => {
            vain.set(next, { after: offset, until: this.now().offset });
            return nok(last);
          };
          return between(this, effects, ok, giveUp, close, openAt);
        };
      };
    },
  };
}
