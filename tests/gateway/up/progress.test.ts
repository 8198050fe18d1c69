import { afterEach, expect, it, vi } from "vitest";
import { createProgress } from "../../../gateway/up/progress.ts";

afterEach(() => vi.useRealTimers());

/** Collects what is written. */
function makeOutput(isTTY: boolean, columns?: number) {
  let text = "";
  const output = {
    isTTY,
    ...(columns === undefined ? {} : { columns }),
    write: (more: string) => {
      text += more;
    },
  };
  return { output, text: () => text };
}

/** What a terminal shows in the end: only what stands behind the last return to the line's begin. */
const shown = (text: string): readonly string[] =>
  text.split("\n").map((line) => line.split("\r\u001B[K").at(-1) ?? "");

const options = { isStyled: false, signal: new AbortController().signal };

it("without a terminal writes one plain line a step", async () => {
  const { output, text } = makeOutput(false);
  const progress = createProgress(output, options);
  const result = await progress.step("Door", async (step) => {
    step.say("looking");
    step.say("127.0.0.1:11435");
    return 7;
  });
  expect(result).toBe(7);
  expect(text()).toBe("✓ Door: 127.0.0.1:11435 (0.0 s)\n");
});

it("marks a step that failed, and hands its error on", async () => {
  const { output, text } = makeOutput(false);
  const progress = createProgress(output, options);
  const failing = progress.step("Door", () => Promise.reject(new Error("shut")));
  await expect(failing).rejects.toThrow("shut");
  expect(text()).toBe("✗ Door (0.0 s)\n");
});

it("does not call a step failed that the person ended", async () => {
  const { output, text } = makeOutput(false);
  const progress = createProgress(output, { isStyled: false, signal: AbortSignal.abort() });
  await expect(progress.step("Door", () => Promise.reject(new Error("ended")))).rejects.toThrow(
    "ended",
  );
  expect(text()).toBe("– Door (0.0 s)\n");
});

it("on a terminal draws over its own line, never wider than the terminal, and ends with plain lines", async () => {
  vi.useFakeTimers();
  const { output, text } = makeOutput(true, 40);
  const progress = createProgress(output, options);
  await progress.step("Engine", async (step) => {
    step.say("x".repeat(100));
    await vi.advanceTimersByTimeAsync(250);
    progress.write("a line between");
    step.say("demo");
  });
  const drawn = text()
    .split("\n")
    .flatMap((line) => line.split("\r\u001B[K"))
    .filter((part) => /^[⠋-⠿]/u.test(part));
  expect(drawn.length).toBeGreaterThan(1);
  expect(Math.max(...drawn.map((part) => part.length))).toBeLessThanOrEqual(40);
  expect(shown(text())).toStrictEqual([
    "a line between",
    expect.stringMatching(/^✓ Engine: demo \(0\.\d s\)$/),
    "",
  ]);
});

it("keeps still while a person is asked", async () => {
  vi.useFakeTimers();
  const { output, text } = makeOutput(true, 40);
  const progress = createProgress(output, options);
  await progress.step("Caddy", () =>
    progress.pause(async () => {
      const before = text();
      await vi.advanceTimersByTimeAsync(250);
      expect(text()).toBe(before);
    }),
  );
});

it("uses colours only where they are wanted", async () => {
  const { output, text } = makeOutput(false);
  await createProgress(output, { ...options, isStyled: true }).step("Door", () =>
    Promise.resolve(),
  );
  expect(text()).toContain("\u001B[32m✓\u001B[39m");
});
