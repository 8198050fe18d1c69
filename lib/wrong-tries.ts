import type { Config } from "./config.ts";
import { RelayError } from "./errors.ts";
import { MemoryCounter } from "./limit/memory-counter.ts";
import { perConfig } from "./per-config.ts";

const BY_ADDRESS = 30;
const IN_ALL = 300;

const triesOf = perConfig(() => ({ byAddress: new MemoryCounter(), inAll: new MemoryCounter() }));

/**
 * Counts a wrong key. Past thirty a minute from one address, or three hundred in all, wrong keys are answered 429:
 * they cost this app next to nothing then, and its log is not filled. A right key is never counted nor asked of
 * this, so that nobody locks the owner out; that it cannot be guessed, its length sees to (KEY_PATTERN).
 *
 * @returns the error to answer with
 */
export async function wrongKey(config: Config, address: string): Promise<RelayError> {
  const { byAddress, inAll } = triesOf(config);
  const verdicts = [
    await byAddress.countRequest(address, BY_ADDRESS),
    await inAll.countRequest("all", IN_ALL),
  ];
  const refused = verdicts.find(({ allowed }) => !allowed);
  if (refused === undefined) return new RelayError("unauthorized");
  const { resetSeconds } = refused.allowance;
  return new RelayError("rate_limited", {
    message: "Too many wrong access keys came from there.",
    fix: "Check the key, and wait until the time in Retry-After has passed.",
    retryAfterSeconds: resetSeconds,
  });
}
