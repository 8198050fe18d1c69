import { describe, expect, it } from "vitest";
import type { ChatEvent } from "../../../lib/chat.ts";
import { LineSplitter } from "../../../lib/wire/lines.ts";
import { decodeRecord, parseRecord, ReplyCollector } from "../../../lib/wire/ollama-records.ts";
import { bodyOf, readRecordings, type Recording } from "../../helpers/recordings.ts";

const recordings = readRecordings();
const streams = [...recordings].filter(
  ([, { request, response }]) =>
    request.path === "/api/chat" && response.headers["content-type"] === "application/x-ndjson",
);

/** What comes out when the bytes arrive in these pieces; adjacent text is one event, however it was cut. */
function decodePieces(pieces: readonly Uint8Array[]): ChatEvent[] {
  const lines = new LineSplitter();
  const events: ChatEvent[] = [];
  for (const line of pieces.flatMap((piece) => lines.push(piece))) {
    decodeRecord(parseRecord(line), events);
  }
  return events;
}

describe.each(streams)("%s", (_name, recording) => {
  const bytes = new TextEncoder().encode(bodyOf(recording));
  const whole = decodePieces([bytes]);

  it("gives the same lines wherever it is cut in two", () => {
    const lines = new LineSplitter().push(bytes).join("\n");
    const differing: number[] = [];
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const splitter = new LineSplitter();
      const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
      if (pieces.flatMap((piece) => splitter.push(piece)).join("\n") !== lines) differing.push(cut);
    }
    expect(differing).toEqual([]);
    expect(lines).not.toBe("");
  });

  it("gives the same events byte by byte", () => {
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(decodePieces(single)).toEqual(whole);
  });

  it("ends with a finish or a failure", () => {
    expect(["finish", "failure"]).toContain(whole.at(-1)?.type);
  });
});

function recorded(name: string): Recording {
  const recording = recordings.get(name);
  if (recording === undefined) throw new Error(`no recording ${name}`);
  return recording;
}

function eventsOf(name: string): ChatEvent[] {
  return decodePieces([new TextEncoder().encode(bodyOf(recorded(name)))]);
}

describe("what a recorded reply says", () => {
  it("tells thinking from text", () => {
    const events = eventsOf("2026-08/chat-thinking-true");
    const thought = events.flatMap((event) => (event.type === "thinking" ? [event.text] : []));
    const text = events.flatMap((event) => (event.type === "text" ? [event.text] : []));
    expect(thought.join("")).toMatch(/^The person greets me/);
    expect(text.join("")).toMatch(/^# A door that is locked/);
  });

  it("tells the counts and durations of the last record", () => {
    expect(eventsOf("2026-08/chat-stream").at(-1)).toMatchObject({
      type: "finish",
      doneReason: "stop",
      completionTokens: 78,
    });
  });

  it("tells an error line in mid-stream", () => {
    const last = eventsOf("2026-08/chat-runner-killed").at(-1);
    expect(last).toMatchObject({ type: "failure" });
  });
});

it("a last line without a line end is still a line", () => {
  const lines = new LineSplitter();
  expect(lines.push(new TextEncoder().encode('{"a":1}\n{"b":"🔑"}'))).toEqual(['{"a":1}']);
  expect(lines.end()).toEqual(['{"b":"🔑"}']);
  expect(lines.end()).toEqual([]);
});

it("a line without an end is refused before it fills the memory", () => {
  const lines = new LineSplitter();
  const mebibyte = new Uint8Array(1_048_576).fill(120);
  expect(() => {
    for (let count = 0; count < 10; count += 1) lines.push(mebibyte);
  }).toThrow(RangeError);
});

describe("a reply put together from its stream", () => {
  it("is the document that Ollama itself answers with, field for field", () => {
    const collector = new ReplyCollector();
    const lines = bodyOf(recorded("2026-08/chat-stream")).trimEnd().split("\n");
    const reply = lines.map((line) => collector.push(parseRecord(line))).at(-1);
    const own: unknown = JSON.parse(bodyOf(recorded("2026-08/chat-json")));
    expect(shapeOf(reply)).toEqual(shapeOf(own));
  });
});

/** Field names in order, and the text, without what differs from run to run. */
function shapeOf(reply: unknown): unknown {
  const text = JSON.stringify(reply, (key, value: unknown) =>
    key.endsWith("_duration") || key === "created_at" ? "varies" : value,
  );
  return text;
}
