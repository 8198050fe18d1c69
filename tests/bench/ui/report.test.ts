import { describe, expect, it } from "vitest";
import { uiReportText, verdict } from "../../../bench/ui/report.ts";

describe("verdict", () => {
  it.each([
    ["ok", { value: 20, target: { most: 20 } }],
    ["over", { value: 20.1, target: { most: 20 } }],
    ["ok", { value: 58, target: { least: 58 } }],
    ["under", { value: 57.9, target: { least: 58 } }],
    ["", { value: 5 }],
    ["not there yet", { value: undefined, target: { most: 20 } }],
  ])("is %j of %j", (said, figure) => {
    expect(verdict({ name: "x", ...figure })).toBe(said);
  });
});

describe("the table", () => {
  const text = uiReportText({
    name: "stream",
    title: "an answer",
    notes: ["a note"],
    figures: [
      { name: "long tasks, ms", target: { most: 20 }, floor: 0, value: 12.25 },
      { name: "frames a second", target: { least: 58 }, floor: 60, value: 44 },
      { name: "elements", target: { most: 10_000 }, floor: 212, value: undefined },
      { name: "CPU, ms", value: 1234.5 },
    ],
  });

  it("reads as a person would want it", () => {
    expect(text).toBe(`stream: an answer
  a note
                                                target     floor   reached
long tasks, ms                                   <= 20         0      12.3    ok
frames a second                                  >= 58        60        44 under
elements                                      <= 10000       212  not there yet
CPU, ms                                                               1235
`);
  });

  it("stays within 80 columns", () => {
    expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});
