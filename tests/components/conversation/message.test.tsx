import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { MessageActions } from "../../../components/conversation/actions.ts";
import { MessageView } from "../../../components/conversation/message.tsx";
import type { Message, MessageState, Part, Problem } from "../../../lib/store/records.ts";

const doorProblem: Problem = {
  code: "door_refused_key",
  link: "door",
  message: "The door does not know this app's key.",
  fix: "Set the key.",
  retryable: true,
  requestId: "r1",
};

const nothing = (): void => undefined;
const actions: MessageActions = {
  regenerate: nothing,
  continue: nothing,
  edit: nothing,
  show: nothing,
};

interface Shown {
  readonly last?: boolean;
  readonly busy?: boolean;
  readonly plain?: boolean;
  readonly versions?: readonly string[];
}

function show(message: Partial<Message>, shown: Shown = {}): string {
  const whole: Message = {
    id: "a1",
    role: "assistant",
    parts: [],
    state: "done",
    createdAt: 1,
    ...message,
  };
  const { last = true, busy = false, plain = false, versions = ["a1"] } = shown;
  return renderToStaticMarkup(
    <MessageView
      message={whole}
      versions={versions}
      last={last}
      busy={busy}
      far={plain ? 0 : undefined}
      actions={actions}
      watch={() => undefined}
    />,
  );
}

const text = (said: string): readonly Part[] => [{ id: "0", type: "text", text: said }];

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
    const html = show({ state: "failed", problem: doorProblem }, { last: false });
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
    const parts: readonly Part[] = [{ id: "0", type: "thinking", text: "Hm." }];
    expect(show({ parts, state: "streaming" })).toMatch(/<details(?! open)[^>]*>.*Thinking/u);
    expect(show({ parts, thinkingMs: 3200 })).toContain("Thought for 3.2 s");
  });

  it("can be asked for again, and copied where there is text, but not while an answer comes", () => {
    expect(show({ parts: text("Yes.") })).toContain('aria-label="Regenerate"');
    expect(show({ parts: text("Yes.") }, { last: false })).toContain('aria-label="Regenerate"');
    expect(show({ parts: text("Yes.") }, { busy: true })).not.toContain("Regenerate");
    expect(show({ parts: text("Yes.") })).toContain('aria-label="Copy"');
    expect(show({})).not.toContain('aria-label="Copy"');
  });

  it.each<Partial<Message>>([
    { state: "stopped" },
    { state: "interrupted" },
    { state: "done", metadata: { doneReason: "length" } },
  ])("that was cut can be gone on with: %o", (message) => {
    expect(show({ parts: text("Half"), ...message })).toContain("Continue");
    expect(show({ parts: text("Half"), ...message }, { last: false })).not.toContain("Continue");
    expect(show({ parts: [], ...message })).not.toContain("Continue");
  });

  it("that came to its end is not gone on with", () => {
    expect(show({ parts: text("All.") })).not.toContain("Continue");
  });

  it("that was stopped tells of the GPU what the app told, and no more", () => {
    const stopped = { state: "stopped", parts: text("Half") } as const;
    expect(show({ ...stopped, release: { state: "released", ms: 7 } })).toContain("7 ms");
    expect(show({ ...stopped, release: { state: "asked" } })).not.toContain("released");
  });

  it("tells which of several versions it is, and leads to the others", () => {
    const html = show({ parts: text("Yes.") }, { versions: ["a0", "a1", "a2"] });
    expect(html).toContain('aria-label="Version 2 of 3"');
    expect(html).toContain('aria-label="Earlier version"');
    expect(show({ parts: text("Yes.") })).not.toContain("Version");
  });

  it("far from view is its words alone", () => {
    const html = show({ parts: text("**Yes.**") }, { plain: true });
    expect(html).toContain("**Yes.**");
    expect(html).not.toContain("button");
  });

  it("of a person can be asked anew", () => {
    expect(show({ role: "user", parts: text("Why?") })).toContain('aria-label="Edit"');
  });
});
