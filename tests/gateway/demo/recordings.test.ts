import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isFields } from "../../../gateway/demo/json.ts";
import type { DemoEngine } from "../../../gateway/demo/server.ts";
import { startDemoEngine } from "../../../gateway/demo/server.ts";
import type { Recording } from "./recording.ts";
import { readRecordings } from "./recording.ts";
import { open, send } from "./send.ts";
import { bodyShape } from "./shape.ts";

/** The scripted models of the recordings, and who plays them here. */
const CAST: Readonly<Record<string, string>> = {
  answer: "latchkey-demo",
  think: "latchkey-demo-thinking",
  tools: "latchkey-demo-tools",
  embed: "latchkey-demo-embed",
  endless: "latchkey-demo",
  json: "latchkey-demo",
};

/** Recordings that no test here can drive, and why. */
const NOT_DRIVEN: Readonly<Record<string, string>> = {
  "cloud-model": "the demo engine has no cloud models: it asks no other host for anything",
};

const HELLO = { model: "latchkey-demo", messages: [{ role: "user", content: "Hello" }] };

/** What has to be so before a request is sent. */
const BEFORE: Readonly<Record<string, (engine: DemoEngine) => Promise<unknown> | void>> = {
  "chat-busy": ({ controls }) => void (controls.fault = { kind: "busy" }),
  "ps-loaded": ({ url }) => send(url, { path: "/api/chat", body: HELLO }),
};

let engine: DemoEngine;

beforeEach(async () => {
  engine = await startDemoEngine({
    controls: { tokensPerSecond: Infinity, loadMs: 1, readMs: 1 },
  });
});

afterEach(() => engine.close());

function modelOf(recording: Recording): string | undefined {
  const { body, path } = recording.request;
  const named = isFields(body) ? body.model : /^\/v1\/models\/(.+)$/u.exec(path)?.[1];
  return typeof named === "string" && Object.hasOwn(CAST, named) ? named : undefined;
}

/** A recorded text in which the scripted model has the demo model's name. */
function recast(text: string, name: string | undefined): string {
  const actor = name === undefined ? undefined : CAST[name];
  if (name === undefined || actor === undefined) return text.replaceAll("llama.", "latchkey.");
  return text
    .replaceAll(`"${name}"`, `"${actor}"`)
    .replaceAll(`"${name}\\"`, `"${actor}\\"`)
    .replaceAll(`\\"${name}\\"`, `\\"${actor}\\"`)
    .replaceAll(`library/${name}:`, `library/${actor}:`)
    .replaceAll('"llama.', '"latchkey.');
}

interface Headers {
  readonly [name: string]: string | string[] | undefined;
}

const COUNTED_BYTES = 2048;

/**
 * How the end of a body was told. A JSON document goes by its size: up to 2,048 bytes Go counts
 * it, above that it does not; recording and answer must both keep to that.
 */
function framing(headers: Headers, text: string): string {
  const type = headers["content-type"];
  const chunked = headers["transfer-encoding"] === "chunked";
  const counted = headers["content-length"] !== undefined;
  const isDocument = typeof type === "string" && type.startsWith("application/json");
  const isLarge = Buffer.byteLength(text) > COUNTED_BYTES;
  if (isDocument && chunked === isLarge && counted !== isLarge) return "by size";
  return `${chunked ? "chunked" : "not chunked"}, ${counted ? "counted" : "not counted"}`;
}

/** @param raw the text as it was sent, when `text` is a changed one */
function seen(status: number, headers: Headers, text: string, raw = text) {
  const { date: _date, "content-length": _length, ...rest } = headers;
  const { "transfer-encoding": _encoding, ...named } = rest;
  const type = headers["content-type"];
  return {
    status,
    headers: named,
    framing: framing(headers, raw),
    records: bodyShape(typeof type === "string" ? type : undefined, text),
  };
}

function requestOf(recording: Recording, name: string | undefined) {
  const { body, path, ...rest } = recording.request;
  const actor = name === undefined ? undefined : CAST[name];
  const mapped = isFields(body) && actor !== undefined ? { ...body, model: actor } : body;
  return { ...rest, path: path.replace(`/v1/models/${name}`, `/v1/models/${actor}`), body: mapped };
}

function expected(recording: Recording) {
  const { response } = recording;
  if ("error" in response) throw new Error(`${recording.name} has no answer to compare`);
  const raw = response.chunks.map((chunk) => chunk.text).join("");
  return seen(response.status, response.headers, recast(raw, modelOf(recording)), raw);
}

describe("the demo engine answers as Ollama was recorded", () => {
  const recordings = readRecordings();

  it("is compared with every recording", () => {
    expect(recordings.length).toBeGreaterThan(80);
    const names = recordings.map((recording) => recording.name);
    expect(names).toEqual(expect.arrayContaining(Object.keys({ ...NOT_DRIVEN, ...BEFORE })));
  });

  const driven = recordings.filter(({ name, response }) => {
    return !Object.hasOwn(NOT_DRIVEN, name) && !("error" in response);
  });

  it.each(driven.map((recording) => ({ name: recording.name, recording })))(
    "$name",
    async ({ name, recording }) => {
      const model = modelOf(recording);
      if (model === "endless") engine.controls.tokens = 2000;
      if (name.endsWith("runner-killed")) {
        engine.controls.fault = { kind: "error-line", afterTokens: 100 };
      }
      await BEFORE[name]?.(engine);
      const answer = await send(engine.url, requestOf(recording, model));
      expect(seen(answer.status, answer.headers, answer.text)).toEqual(expected(recording));
      expect(answer.complete).toBe(true);
    },
  );

  it("chat-abort: the client breaks off, and the engine notices", async () => {
    engine.controls.fault = { kind: "stall" };
    const closed = engine.nextClosed();
    const response = await open(engine.url, { path: "/api/chat", body: HELLO });
    response.destroy();
    expect(await closed).toMatchObject({ path: "/api/chat", aborted: true });
  });
});
