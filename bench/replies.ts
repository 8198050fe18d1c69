import type { Answer, Question } from "./client/ask.ts";
import type { Bench } from "./measurement.ts";
import type { Server } from "./servers.ts";
import type { Variant } from "./variants.ts";
import { each, fast, type Plan } from "./wire/plan.ts";

/** On top of what a reply takes at its pace: one that takes longer is broken. */
const PATIENCE_MS = 60_000;

/** Asks a server for one reply; a broken one is noted as a failure of the run. */
export async function askFor(
  bench: Pick<Bench, "client" | "fail" | "signal">,
  server: Server,
  variant: Variant,
  plan: Plan,
  onTokens?: Question["onTokens"],
): Promise<Answer> {
  const lasts = plan.rate === 0 ? 0 : Math.ceil((plan.tokens * 1000) / plan.rate);
  const answer = await bench.client.ask({
    url: new URL(variant.path, server.url),
    headers: server.headers,
    body: variant.body(plan),
    check: variant.check(plan.tokens),
    signal: AbortSignal.any([bench.signal, AbortSignal.timeout(lasts + PATIENCE_MS)]),
    onTokens,
  });
  if (answer.problem !== undefined) bench.fail(`${variant.name}: ${answer.problem}`);
  return answer;
}

export interface Work {
  readonly replies: number;
  readonly tokens: number;
  /** Records in an HTTP chunk; as a real door makes them when absent, and `each`: a write a token. */
  readonly chunk?: number | "each" | undefined;
}

/** Replies one after another, as fast as they come. */
export async function askInTurn(
  bench: Pick<Bench, "client" | "fail" | "signal">,
  server: Server,
  variant: Variant,
  { replies, tokens, chunk }: Work,
): Promise<void> {
  for (let reply = 0; reply < replies; reply += 1) {
    await askFor(bench, server, variant, chunk === "each" ? each(tokens) : fast(tokens, chunk));
  }
}
