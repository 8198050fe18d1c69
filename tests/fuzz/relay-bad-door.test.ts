/** Ten thousand bodies and headers, to a door that answers as no door should. */
import { expect, it } from "vitest";
import { SURFACES } from "../../lib/wire/surfaces.ts";
import { later } from "../helpers/later.ts";
import { prepareFuzzer } from "./fuzz-relay.ts";
import { chatBody, surfaceBody } from "./nasty-bodies.ts";

const { fuzz } = await prepareFuzzer({ badDoor: true });
const { relayChat } = await import("../../lib/relay/chat.ts");
const { relaySurface } = await import("../../lib/relay/surface.ts");

const WHAT = "answers every one, and tells nobody and no log a word of what came";

it(`chat: ${WHAT}`, { timeout: 240_000 }, async () => {
  const reached = await fuzz({
    paths: ["/api/chat"],
    body: chatBody,
    handle: (request) => relayChat(request, later),
    count: 4_000,
    least: 200,
  });
  expect(reached).toBeGreaterThanOrEqual(200);
});

it(`surfaces: ${WHAT}`, { timeout: 240_000 }, async () => {
  const reached = await fuzz({
    paths: SURFACES.map(({ path }) => path),
    body: surfaceBody,
    handle: (request, path) => relaySurface(request, path, later),
    count: 6_000,
    least: 600,
  });
  expect(reached).toBeGreaterThanOrEqual(600);
});
