import { startApp, type App } from "../helpers/app.ts";
import { startChain, type Chain } from "../helpers/chain.ts";

/** What the screens are shown with: a whole chain, and an app that nobody has set up. */
export interface Stage extends AsyncDisposable {
  readonly chain: Chain;
  readonly demo: NonNullable<Chain["demo"]>;
  readonly notSetUp: App;
}

export async function startStage(): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  const env = { OLLAMA_MODEL: "latchkey-demo-thinking", REQUESTS_PER_MINUTE: "0" };
  const chain = stack.adopt(await startChain({ engine: "demo", app: { env } }), (each) =>
    each.close(),
  );
  if (chain.demo === undefined) throw new Error("The chain has no demo engine");
  const notSetUp = stack.adopt(await startApp({ env: {} }), (each) => each.close());
  return {
    chain,
    demo: chain.demo,
    notSetUp,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Whole answers at once, unless a screen wants otherwise. */
export function resetStage({ demo }: Stage): void {
  Object.assign(demo.controls, {
    tokensPerSecond: Infinity,
    loadMs: 0,
    says: undefined,
    fault: { kind: "none" },
  });
}
