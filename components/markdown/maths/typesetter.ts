type Typesetter = typeof import("./katex.ts");

/** What sets formulas, once it is loaded: for the first formula, or before when one may be near. */
export const typesetter = {
  here: undefined as Typesetter | undefined,
  /** @throws Error when it does not come; the next call tries again */
  async load(): Promise<void> {
    typesetter.here ??= await import("./katex.ts");
  },
};
