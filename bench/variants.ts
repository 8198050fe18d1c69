import { BytesCheck } from "./client/check-bytes.ts";
import { UiStreamCheck } from "./client/check-ui-stream.ts";
import type { Check } from "./client/check.ts";
import { MODEL } from "./wire/dialect.ts";
import { encodePlan, type Plan } from "./wire/plan.ts";
import { DIALECTS, scriptOf, type DialectName } from "./wire/script.ts";

/** One way from the upstream to a client. */
export interface Variant {
  /** As the tables name it. */
  readonly name: string;
  readonly path: string;
  readonly kind: "floor" | "relay" | "streamText";
  readonly dialect: DialectName;
  body(plan: Plan): string;
  check(tokens: number): Check;
}

function uiBody(plan: Plan): string {
  const parts = [{ type: "text", text: encodePlan(plan) }];
  return JSON.stringify({ model: MODEL, messages: [{ id: "one", role: "user", parts }] });
}

function uiStream(
  name: string,
  path: string,
  kind: Variant["kind"],
  dialect: DialectName,
): Variant {
  const check = (tokens: number): Check => new UiStreamCheck(scriptOf(dialect, tokens));
  return { name, path, kind, dialect, body: uiBody, check };
}

function byteForByte(
  name: string,
  path: string,
  kind: Variant["kind"],
  dialect: DialectName,
): Variant {
  return {
    name,
    path,
    kind,
    dialect,
    body: (plan) => JSON.stringify(DIALECTS[dialect].body(encodePlan(plan))),
    check: (tokens) => new BytesCheck(scriptOf(dialect, tokens)),
  };
}

/** Straight to the upstream, for what a hop adds. */
export function direct(dialect: DialectName): Variant {
  const { path } = DIALECTS[dialect];
  return byteForByte(`upstream ${path}`, path, "floor", dialect);
}

/** The route that pipes bytes, in the same process: what a relay's work is held against. */
export function floorOf(dialect: DialectName): Variant {
  const { path } = DIALECTS[dialect];
  return byteForByte(`floor ${path}`, `/api/bench/floor${path}`, "floor", dialect);
}

/** What `--only` takes: a name of the tables, or a kind. */
export function isKnown(name: string): boolean {
  return CONTENDERS.some((variant) => variant.name === name || variant.kind === name);
}

/** All that is held against a floor, in the order of the tables. */
export const CONTENDERS: readonly Variant[] = [
  uiStream("/api/chat", "/api/chat", "relay", "chat"),
  byteForByte("/ollama/api/chat", "/ollama/api/chat", "relay", "chat"),
  byteForByte("/ollama/api/generate", "/ollama/api/generate", "relay", "generate"),
  byteForByte("/v1/chat/completions", "/v1/chat/completions", "relay", "completions"),
  byteForByte("/v1/messages", "/v1/messages", "relay", "messages"),
  byteForByte("/v1/responses", "/v1/responses", "relay", "responses"),
  uiStream(
    "streamText, ollama-ai-provider-v2",
    "/api/bench/stream-text-ollama",
    "streamText",
    "chat",
  ),
  uiStream(
    "streamText, openai-compatible",
    "/api/bench/stream-text-openai",
    "streamText",
    "completions",
  ),
];
