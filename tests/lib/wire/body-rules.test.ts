import { describe, expect, it } from "vitest";
import { estimateTokens } from "../../../lib/wire/body-rules.ts";

describe("an estimate of tokens", () => {
  it("goes by letters and signs, and cannot be talked down", () => {
    expect(estimateTokens("a word or two of English")).toBe(6);
    expect(estimateTokens("0123456789")).toBe(7);
    expect(estimateTokens(`data:${"x".repeat(4_000)}`)).toBeGreaterThan(900);
    expect(estimateTokens({ source: "x".repeat(4_000) })).toBeGreaterThan(900);
  });

  it("counts a picture as one, whatever its bytes, in each dialect", () => {
    const base64 = "A".repeat(100_000);
    const pictures = [
      [base64, "images"],
      [{ type: "image_url", image_url: { url: `data:image/png;base64,${base64}` } }, ""],
      [{ type: "image", source: { type: "base64", media_type: "image/png", data: base64 } }, ""],
    ] as const;
    for (const [value, name] of pictures) {
      expect(estimateTokens(value, name)).toBeGreaterThan(700);
      expect(estimateTokens(value, name)).toBeLessThan(900);
    }
  });
});
