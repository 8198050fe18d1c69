/** Every recorded stream, cut at every byte: how the network cuts it changes nothing, and a part is never a whole. */
import { describe, expect, it } from "vitest";
import { STREAM_KINDS } from "../../lib/wire/stream-kinds.ts";
import { SURFACES } from "../../lib/wire/surfaces.ts";
import { bodyOf, readRecordings, type Recording } from "../helpers/recordings.ts";
import { isSame, openChat, openDocument, openSurface, read, type Open } from "./cut-readings.ts";
import { windowsOf } from "./cut-windows.ts";

const TIMEOUT_MS = 60_000;
/** Of a long stream as a whole: it has no divisor in common with the length of a record. */
const STRIDE = 31;

interface Case {
  readonly name: string;
  readonly bytes: Buffer;
  readonly boundary: "\n" | "\n\n";
  readonly open: Open;
  readonly ending: "complete" | "incomplete" | "failed";
}

/** Each stream, once for every reader that may meet it. */
function casesOf([name, recording]: readonly [string, Recording]): Case[] {
  const { path } = recording.request;
  const kind = SURFACES.find((surface) => surface.path === path)?.stream?.kind;
  if (kind === undefined) throw new Error(`no stream of ${path}`);
  // Where the runner died, /api/chat has a record that says so; the others just end (WIRE.md).
  const brokenEnding = path === "/api/chat" ? "failed" : "incomplete";
  const ending = name.includes("runner-killed") ? brokenEnding : "complete";
  const { boundary } = STREAM_KINDS[kind];
  const common = { bytes: Buffer.from(bodyOf(recording)), boundary, ending } as const;
  const passed = { ...common, name: `${name}, passed on`, open: openSurface(kind) };
  if (path !== "/api/chat") return [passed];
  return [
    { ...common, name: `${name}, as a chat`, open: openChat },
    { ...common, name: `${name}, as one document`, open: openDocument },
    passed,
  ];
}

const isStream = ({ response }: Recording): boolean =>
  /ndjson|event-stream/.test(response.headers["content-type"] ?? "");
const streams = [...readRecordings()].filter(([, recording]) => isStream(recording));

/** From here on there are line ends only: what is missing behind it is not missed. */
function properEnd(stream: Buffer): number {
  return stream.toString("latin1").trimEnd().length;
}

function range(from: number, to: number, step = 1): number[] {
  return Array.from(
    { length: Math.ceil((to - from) / step) },
    (_each, index) => from + index * step,
  );
}

describe.each(streams.flatMap(casesOf))("$name", ({ bytes, boundary, open, ending }) => {
  const windows = windowsOf(bytes, boundary);

  /** The offsets at which a stream cut in two says something else than the whole. */
  function differing(stream: Buffer, offsets: readonly number[]): number[] {
    const whole = read(open, stream, [stream]);
    return offsets.filter((cut) => {
      const pieces = [stream.subarray(0, cut), stream.subarray(cut)];
      return !isSame(read(open, stream, pieces), whole);
    });
  }

  /** The offsets at which a part of a stream is taken for all of it. */
  function mistaken(stream: Buffer, offsets: readonly number[]): number[] {
    const parts = offsets.filter((cut) => cut < properEnd(stream));
    return parts.filter(
      (cut) => read(open, stream, [stream.subarray(0, cut)]).ending === "complete",
    );
  }

  it("says the same wherever it is cut in two", { timeout: TIMEOUT_MS }, () => {
    expect(differing(bytes, range(0, bytes.length, STRIDE))).toEqual([]);
    for (const { stream, from, to } of windows) {
      expect(differing(stream, range(from, to))).toEqual([]);
    }
  });

  it("says the same byte by byte, and ends as it did", () => {
    const whole = read(open, bytes, [bytes]);
    const single = Array.from(bytes, (byte) => Buffer.of(byte));
    expect(read(open, bytes, single)).toEqual(whole);
    expect(whole.ending).toBe(ending);
  });

  it("is complete nowhere before its end", { timeout: TIMEOUT_MS }, () => {
    expect(mistaken(bytes, range(0, bytes.length, STRIDE))).toEqual([]);
    for (const { stream, from, to } of windows) {
      expect(mistaken(stream, range(from, to))).toEqual([]);
    }
    const cutBytes = windows.reduce((sum, { from, to }) => sum + to - from, 0);
    expect(cutBytes).toBe(bytes.length);
  });
});

it("has recordings of every kind of stream, whole and broken off", () => {
  const paths = new Set(streams.map(([, { request }]) => request.path));
  const expected = SURFACES.flatMap(({ path, stream }) => (stream === undefined ? [] : [path]));
  expect([...paths].toSorted()).toEqual(expected.toSorted());
  expect(streams.filter(([name]) => name.includes("runner-killed")).length).toBe(4);
});
