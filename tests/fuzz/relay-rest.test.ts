/** Fifteen thousand bodies and headers for the routes that ask no model: lists, descriptions, signing in. */
import { constant } from "fast-check";
import { describe, expect, it } from "vitest";
import { later } from "../helpers/later.ts";
import { prepareFuzzer, type Campaign } from "./fuzz-relay.ts";
import { showBody, signInBody, surfaceBody } from "./nasty-bodies.ts";

const { fuzz, accessKey } = await prepareFuzzer();
const { answerOptions, relaySurface } = await import("../../lib/relay/surface.ts");
const { relayModels } = await import("../../lib/relay/models.ts");
const { signIn, signOut } = await import("../../lib/sign-in.ts");

const surface: Campaign["handle"] = (request, path) => relaySurface(request, path, later);
const LISTS = [
  "/",
  "/api/tags",
  "/api/ps",
  "/api/version",
  "/v1/models",
  "/v1/models/small",
  "/v1/models/secret%00",
  "/v1/models/__proto__",
  "/api/pull",
  "/api/__proto__",
  "/constructor",
] as const;

const CAMPAIGNS: Readonly<Record<string, Campaign>> = {
  "a model's description": {
    paths: ["/api/show"],
    body: showBody,
    handle: surface,
    count: 5_000,
    least: 500,
  },
  lists: {
    paths: LISTS,
    method: "GET",
    body: constant(""),
    handle: surface,
    count: 2_000,
    least: 0,
  },
  "lists that are sent something": {
    paths: LISTS,
    body: surfaceBody,
    handle: surface,
    count: 1_000,
    least: 0,
  },
  "our own list": {
    paths: ["/api/models"],
    method: "GET",
    body: constant(""),
    handle: (request) => relayModels(request),
    count: 1_000,
    least: 0,
  },
  preflights: {
    paths: ["/api/chat", ...LISTS],
    method: "OPTIONS",
    body: constant(""),
    handle: answerOptions,
    count: 1_000,
    least: 0,
  },
  "signing in": {
    paths: ["/api/session"],
    body: signInBody(accessKey),
    handle: (request) => signIn(request),
    count: 4_000,
    least: 0,
  },
  "signing out": {
    paths: ["/api/session"],
    method: "DELETE",
    body: constant(""),
    handle: (request) => signOut(request),
    count: 1_000,
    least: 0,
  },
};

describe.each(Object.entries(CAMPAIGNS))("%s", (_name, campaign) => {
  it("answers every one, and lets nothing through that may not", { timeout: 120_000 }, async () => {
    expect(await fuzz(campaign)).toBeGreaterThanOrEqual(campaign.least);
  });
});
