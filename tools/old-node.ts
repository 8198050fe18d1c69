/** For the one file, which runs on Node 20 too: what its sources use and that Node does not know yet. */

interface Settler<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value | PromiseLike<Value>) => void;
  readonly reject: (reason: unknown) => void;
}

/** As Promise.withResolvers does it (Node 22). */
function withResolvers<Value>(): Settler<Value> {
  let settle: Omit<Settler<Value>, "promise"> | undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error("A promise did not begin.");
  return { promise, ...settle };
}

/** The part of DisposableStack (Node 24) that the demo engine uses. */
class Stack implements Disposable {
  readonly #held: (() => void)[] = [];

  defer(release: () => void): void {
    this.#held.push(release);
  }

  use<Value extends Disposable>(value: Value): Value {
    this.#held.push(() => {
      value[Symbol.dispose]();
    });
    return value;
  }

  move(): Stack {
    const next = new Stack();
    next.#held.push(...this.#held.splice(0));
    return next;
  }

  dispose(): void {
    for (const release of this.#held.splice(0).toReversed()) release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Adds what is missing and leaves alone what is there. */
function provide(target: object, name: string, value: unknown): void {
  if (name in target) return;
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

provide(Promise, "withResolvers", withResolvers);
provide(globalThis, "DisposableStack", Stack);
