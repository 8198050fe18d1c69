import { describe, expect, it } from "vitest";
import { formatDuration, formatNumber, formatSize } from "../../../components/common/format.ts";

describe("figures", () => {
  it.each([
    [420, "0.4 s"],
    [12_400, "12 s"],
    [59_700, "1 min 0 s"],
    [125_000, "2 min 5 s"],
  ])("%d ms is %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it.each([
    [42.13, "42.1"],
    [9, "9"],
    [1928.4, "1,928"],
  ])("%d is %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    [20_480, "20 KB"],
    [522_653_767, "523 MB"],
    [4_683_087_332, "4.7 GB"],
  ])("%d bytes are %s", (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});
