import { afterEach, describe, expect, it, vi } from "vitest";
import { readRates, rememberRates, type Answered } from "../../../components/status/rates.ts";

const answered: Answered = {
  metadata: {
    model: "m",
    loadMs: 2000,
    promptTokens: 100,
    promptTokensPerSecond: 50,
  },
  modelBytes: 1e9,
  sawLoading: true,
};

function browserWith(storage: {
  getItem: () => string | null;
  setItem: (...words: string[]) => void;
}) {
  vi.stubGlobal("localStorage", storage);
}

afterEach(() => vi.unstubAllGlobals());

describe("the rates of this device", () => {
  it("are kept from one answer to the next under their name", () => {
    const kept = new Map<string, string>();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
    rememberRates(answered);
    expect([...kept.keys()]).toEqual(["latchkey.rates"]);
    expect(readRates().get("m")).toEqual({ loadBytesPerSecond: 5e8, promptTokensPerSecond: 50 });
  });

  it("are none where the browser refuses, and nothing breaks", () => {
    const refuse = () => {
      throw new DOMException("refused", "SecurityError");
    };
    browserWith({ getItem: refuse, setItem: refuse });
    expect(() => rememberRates(answered)).not.toThrow();
    expect(readRates().size).toBe(0);
  });

  it("are not written for an answer that taught nothing", () => {
    const written: string[][] = [];
    browserWith({ getItem: () => null, setItem: (...words) => written.push(words) });
    rememberRates({ ...answered, metadata: { model: "m", completionTokens: 5 } });
    rememberRates({ ...answered, metadata: {} });
    expect(written).toEqual([]);
    rememberRates(answered);
    expect(written).toHaveLength(1);
  });
});
