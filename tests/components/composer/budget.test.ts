import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesAsSent,
  bytesInBase64,
  bytesOfText,
  fitInto,
  LEAST_IMAGE_BYTES,
  REQUEST_BYTES,
  roomBeside,
} from "../../../components/composer/attach/budget.ts";

describe("bytes", () => {
  it("of a text count its escapes and its UTF-8", () => {
    expect(bytesOfText("a\n한")).toBe(Buffer.byteLength('"a\\n한"'));
  });

  it("of a file count base64, whatever it is", () => {
    const text = "가나다라".repeat(1000);
    const sent = Buffer.from(text).toString("base64").length;
    expect(bytesInBase64(Buffer.byteLength(text))).toBe(sent);
    const asText = bytesAsSent({ kind: "text", data: text });
    const asImage = bytesAsSent({ kind: "image", data: "A".repeat(sent) });
    expect(asText).toBeGreaterThanOrEqual(sent);
    expect(asImage).toBe(asText);
  });

  it("of a whole request stay under its limit when the room is full to the last", () => {
    const text = '"\n'.repeat(1000);
    const spent = 500_000;
    const room = roomBeside(spent, text);
    const data = "A".repeat(room - bytesAsSent({ kind: "image", data: "" }));
    expect(bytesAsSent({ kind: "image", data })).toBe(room);
    const part = { type: "file", mediaType: "image/jpeg", filename: "x".repeat(200), url: data };
    const body = JSON.stringify({ messages: [{ role: "user", parts: [text, part] }] });
    expect(body.length + spent).toBeLessThan(REQUEST_BYTES);
  });
});

describe("what fits", () => {
  it("is left as it is", () => {
    expect(fitInto(1_000_000, [400_000], [300_000, 300_000])).toEqual({ kind: "fits" });
  });

  it("is made to by the largest pictures, so that small ones stay whole", () => {
    expect(fitInto(1_000_000, [], [100_000, 900_000, 800_000])).toEqual({
      kind: "shrink",
      imageBytes: 450_000,
    });
  });

  it("is not, where a text alone is too long or pictures would tell nothing any more", () => {
    expect(fitInto(1000, [1001], [])).toEqual({ kind: "full" });
    expect(fitInto(LEAST_IMAGE_BYTES - 1, [], [LEAST_IMAGE_BYTES])).toEqual({ kind: "full" });
  });

  it("goes in whole after every picture has shrunk to the share", () => {
    const size = fc.integer({ min: 1, max: 1_500_000 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: REQUEST_BYTES }),
        fc.array(size, { maxLength: 3 }),
        fc.array(size, { maxLength: 16 }),
        (room, texts, images) => {
          const fit = fitInto(room, texts, images);
          if (fit.kind === "full") return;
          const share = fit.kind === "shrink" ? fit.imageBytes : Infinity;
          const shrunk = images.map((bytes) => Math.min(bytes, share));
          expect(fitInto(room, texts, shrunk)).toEqual({ kind: "fits" });
          const total = [...texts, ...shrunk].reduce((sum, bytes) => sum + bytes, 0);
          expect(total).toBeLessThanOrEqual(room);
        },
      ),
    );
  });
});
