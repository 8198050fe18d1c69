/** Forty-five thousand bodies and headers for Ollama's, OpenAI's and Anthropic's surfaces. */
import { expect, it } from "vitest";
import { SURFACES } from "../../lib/wire/surfaces.ts";
import { later } from "../helpers/later.ts";
import { prepareFuzzer, type Campaign } from "./fuzz-relay.ts";
import { surfaceBody } from "./nasty-bodies.ts";

const { fuzz } = await prepareFuzzer();
const { relaySurface } = await import("../../lib/relay/surface.ts");
const campaign: Campaign = {
  paths: SURFACES.map(({ path }) => path),
  body: surfaceBody,
  handle: (request, path) => relaySurface(request, path, later),
  count: 45_000,
  least: 5_000,
};

it("answers every one, and lets nothing through that may not", { timeout: 240_000 }, async () => {
  expect(await fuzz(campaign)).toBeGreaterThanOrEqual(campaign.least);
});
