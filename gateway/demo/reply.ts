import { randomInt } from "node:crypto";
import type { Ask, ToolOffer } from "./ask.ts";
import { lastUserMessage } from "./ask.ts";
import type { ModelControls } from "./controls.ts";
import { fieldsOf, isFields } from "./json.ts";
import type { DemoModel } from "./models.ts";
import { can } from "./models.ts";
import { sample } from "./sample.ts";
import { answerAfterTool, answerTo, THOUGHT } from "./texts.ts";
import { tokenize } from "./tokens.ts";

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What comes out of the runner in one go, and how many tokens it took. */
export type Piece =
  | { readonly kind: "thinking" | "text"; readonly text: string; readonly tokens: 1 }
  | { readonly kind: "call"; readonly call: Call; readonly tokens: number };

/** What has been said, and the figures of the last record. Times are milliseconds. */
export interface Reply {
  /** `performance.now()` when the request was understood. */
  readonly begunAt: number;
  readonly loadMs: number;
  readonly promptText: string;
  readonly promptTokens: number;
  promptMs: number;
  thinking: string;
  text: string;
  readonly calls: Call[];
  evalCount: number;
  evalMs: number;
  totalMs: number;
  /** Undefined: not done. */
  doneReason: "stop" | "length" | undefined;
}

/** A reply of which nothing has been said. */
export function newReply(
  begunAt: number,
  loadMs: number,
  prompt: { readonly text: string; readonly tokens: number },
): Reply {
  return {
    begunAt,
    loadMs,
    promptText: prompt.text,
    promptTokens: prompt.tokens,
    promptMs: 0,
    thinking: "",
    text: "",
    calls: [],
    evalCount: 0,
    evalMs: 0,
    totalMs: 0,
    doneReason: undefined,
  };
}

export function addPiece(reply: Reply, piece: Piece): void {
  reply.evalCount += piece.tokens;
  if (piece.kind === "call") reply.calls.push(piece.call);
  else reply[piece.kind] += piece.text;
}

const ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

function callId(): string {
  return `call_${Array.from({ length: 8 }, () => ID_CHARACTERS[randomInt(36)]).join("")}`;
}

function callOf(tool: ToolOffer, message: string): Piece {
  const values = fieldsOf(sample(tool.parameters, message));
  const call: Call = { id: callId(), name: tool.name, arguments: values };
  return { kind: "call", call, tokens: tokenize(JSON.stringify(values)).length + 2 };
}

/** The part of a text, said over and over if need be, before the first stop sequence. */
function beforeStop(text: string, repeats: boolean, stops: readonly string[]): string | undefined {
  const searched = repeats ? text + text : text;
  const places = stops.map((stop) => searched.indexOf(stop)).filter((place) => place >= 0);
  return places.length === 0 ? undefined : searched.slice(0, Math.min(...places));
}

function* say(
  text: string,
  tokens: number | undefined,
  stops: readonly string[],
): Generator<Piece> {
  const cut = beforeStop(text, tokens !== undefined, stops);
  const units = tokenize(cut ?? text);
  const wanted = tokens ?? units.length;
  const count = cut === undefined ? wanted : Math.min(wanted, units.length);
  for (let index = 0; index < count; index += 1) {
    yield { kind: "text", text: units[index % units.length] ?? "", tokens: 1 };
  }
}

function answer(ask: Ask, says: string | undefined): string {
  const message = lastUserMessage(ask);
  const last = ask.turns.at(-1);
  if (last?.role === "tool") return answerAfterTool(last.content);
  if (ask.format === undefined) {
    const text = says ?? answerTo(message);
    // A model that is given the beginning of its answer goes on with it.
    return last?.role === "assistant" && text.startsWith(last.content)
      ? text.slice(last.content.length)
      : text;
  }
  const prose = { type: "object", properties: { answer: { const: "This is the demo engine." } } };
  return JSON.stringify(sample(isFields(ask.format) ? ask.format : prose, message));
}

/**
 * Everything that a model says to a request, unless something ends it before.
 *
 * @param controls how long the answer is (undefined: as long as its text), and what it says
 */
export function* piecesOf(
  ask: Ask,
  model: DemoModel,
  { tokens, says }: Pick<ModelControls, "tokens" | "says">,
  stops: readonly string[],
): Generator<Piece> {
  const [tool] = ask.tools;
  if (tool !== undefined && ask.turns.at(-1)?.role !== "tool") {
    yield callOf(tool, lastUserMessage(ask));
    return;
  }
  if (can(model, "thinking") && ask.think !== false) {
    for (const text of tokenize(THOUGHT)) yield { kind: "thinking", text, tokens: 1 };
  }
  yield* say(answer(ask, says), tokens, stops);
}
