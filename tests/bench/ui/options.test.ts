import { describe, expect, it } from "vitest";
import { readOptions } from "../../../bench/ui/options.ts";

describe("options of bench:ui", () => {
  it("are three runs of everything when nothing is said", () => {
    expect(readOptions([])).toEqual({ names: [], runs: 3, build: undefined, help: false });
  });

  it("name measurements, and one run for a quick look", () => {
    expect(readOptions(["load", "heap", "--quick"])).toMatchObject({
      names: ["load", "heap"],
      runs: 1,
    });
  });

  it("refuse what there is not", () => {
    expect(() => readOptions(["--fast"])).toThrow("--fast");
  });
});
