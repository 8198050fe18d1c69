/** Forty thousand bodies and headers for POST /api/chat. */
import { expect, it } from "vitest";
import { later } from "../helpers/later.ts";
import { prepareFuzzer, type Campaign } from "./fuzz-relay.ts";
import { chatBody } from "./nasty-bodies.ts";

const { fuzz } = await prepareFuzzer();
const { relayChat } = await import("../../lib/relay/chat.ts");
const campaign: Campaign = {
  paths: ["/api/chat"],
  body: chatBody,
  handle: (request) => relayChat(request, later),
  count: 40_000,
  least: 2_000,
};

it("answers every one, and lets nothing through that may not", { timeout: 240_000 }, async () => {
  expect(await fuzz(campaign)).toBeGreaterThanOrEqual(campaign.least);
});
