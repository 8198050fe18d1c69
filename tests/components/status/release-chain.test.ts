/** The page's question after Stop, answered by the relay itself in front of an engine that was at work. */
import { expect, it } from "vitest";
import { followRelease } from "../../../components/status/release.ts";
import type { Release } from "../../../lib/store/records.ts";
import { APP_STREAM } from "../../faults/dialects.ts";
import { openChain, soon } from "../../faults/stop-chain.ts";

it("tells the release that the engine has seen", { timeout: 30_000 }, async () => {
  await using chain = await openChain();
  Object.assign(chain.engine.controls, { tokensPerSecond: 200, tokens: 100_000 });
  const caller = chain.begin(APP_STREAM);
  const chat = await soon(() => {
    const [found] = chain.chats();
    if (found === undefined || found.tokens < 2) throw new Error("not yet");
    return found;
  });
  const follow = async (): Promise<Release[]> => {
    const told: Release[] = [];
    const question = {
      requestId: caller.id,
      signal: new AbortController().signal,
      // As GET /api/requests/ID answers.
      fetch: () => Promise.resolve(Response.json(chain.relay.findRequest(caller.id))),
    };
    for await (const release of followRelease(question)) told.push(release);
    return told;
  };
  await caller.leave("close");
  const [asked, released] = await follow();
  expect(chain.relay.findRequest(caller.id).releasedMs).toEqual(expect.any(Number));
  expect(asked).toEqual({ state: "asked" });
  expect(released).toEqual({
    state: "released",
    ms: chain.relay.findRequest(caller.id).releasedMs,
  });
  await soon(() => expect(chat.closedAt).toBeDefined());
  expect(chat.aborted).toBe(true);
});
