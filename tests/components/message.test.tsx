import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { Entry, MessageState } from "../../components/chat-state.ts";
import { Message } from "../../components/message.tsx";
import type { Problem } from "../../components/problem.ts";

const doorProblem: Problem = {
  code: "door_refused_key",
  link: "door",
  message: "The door does not know this app's key.",
  fix: "Set the key.",
  retryable: false,
  requestId: "r1",
};

function show(entry: Partial<Entry>, last = true): string {
  const whole: Entry = { id: "a1", role: "assistant", parts: [], state: "done", ...entry };
  return renderToStaticMarkup(<Message entry={whole} last={last} onRegenerate={() => undefined} />);
}

const text = (said: string): Entry["parts"] => [{ id: "0", type: "text", text: said }];

describe("a message", () => {
  it.each<MessageState>(["waiting", "streaming", "done", "stopped", "interrupted", "failed"])(
    "tells that it is %s",
    (state) => {
      expect(show({ state })).toContain(`data-role="assistant" data-state="${state}"`);
    },
  );

  it("of a person is shown as it was typed", () => {
    const html = show({ role: "user", parts: text("**a** <b>\n- c") });
    expect(html).toContain("**a** &lt;b&gt;\n- c");
  });

  it("that failed says which link broke, why, and what to do, and keeps its text", () => {
    const html = show({ state: "failed", parts: text("Half an an"), problem: doorProblem });
    expect(html).toContain('role="alert" data-link="door" data-code="door_refused_key"');
    for (const words of [doorProblem.message, doorProblem.fix, "Half an an", "Retry", "r1"]) {
      expect(html).toContain(words.replace("'", "&#x27;"));
    }
  });

  it("that failed before the last one raises no alarm any more", () => {
    const html = show({ state: "failed", problem: doorProblem }, false);
    expect(html).not.toContain("alert");
    expect(html).not.toContain("Retry");
  });

  it("leads who is signed out to the sign-in page", () => {
    const problem: Problem = { ...doorProblem, code: "unauthorized", link: "app" };
    expect(show({ state: "failed", problem })).toContain('href="/sign-in"');
  });

  it("shows speed, wait and length when they are known, and nothing in their place when not", () => {
    const metadata = { model: "qwen3:0.6b", tokensPerSecond: 42.13, firstTokenMs: 800 };
    const html = show({ parts: text("Yes."), metadata });
    for (const fact of ["qwen3:0.6b", "42.1 tokens/s", "first word after 0.8 s"]) {
      expect(html).toContain(fact);
    }
    expect(html).not.toContain("undefined");
    expect(html.match(/<li>/gu)).toHaveLength(3);
  });

  it("folds the thinking and says how long it took", () => {
    const parts: Entry["parts"] = [{ id: "0", type: "thinking", text: "Hm." }];
    expect(show({ parts, state: "streaming" })).toMatch(/<details(?! open)[^>]*>.*Thinking/u);
    expect(show({ parts, thinkingMs: 3200 })).toContain("Thought for 3.2 s");
  });

  it("offers Regenerate on the last answer only, and Copy where there is text", () => {
    expect(show({ parts: text("Yes.") })).toContain('aria-label="Regenerate"');
    expect(show({ parts: text("Yes.") }, false)).not.toContain("Regenerate");
    expect(show({ parts: text("Yes.") }, false)).toContain('aria-label="Copy"');
    expect(show({})).not.toContain('aria-label="Copy"');
  });
});
