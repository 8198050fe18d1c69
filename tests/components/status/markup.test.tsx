import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { LINKS } from "../../../components/chats/problem.ts";
import { linkStates } from "../../../components/status/chain.tsx";
import { estimateWords } from "../../../components/status/clock.tsx";
import { ContextMeter } from "../../../components/status/context-meter.tsx";
import { Facts } from "../../../components/status/facts.tsx";
import { ProblemView } from "../../../components/status/problem-view.tsx";
import { ReleaseNote } from "../../../components/status/release-note.tsx";
import { Status, type StatusProps } from "../../../components/status/status.tsx";
import { Thinking } from "../../../components/status/thinking.tsx";
import type { Phase } from "../../../lib/chat.ts";
import type { MessageState, Problem } from "../../../lib/store/records.ts";

const show = renderToStaticMarkup;

/** What is read out: the texts that are not for the eyes only. */
function heard(html: string): string {
  return /<span class="hidden">([^<]*)/u.exec(html)?.[1] ?? "";
}

describe("the status line", () => {
  const line = (props: Partial<StatusProps>) =>
    show(<Status state="waiting" status={undefined} asked={undefined} {...props} />);

  it.each<Phase>(["connecting", "queued", "loading", "reading", "thinking", "writing"])(
    "shows the phase %s, and does not read it out",
    (phase) => {
      const html = line({ status: { phase, at: 1 } });
      expect(html).toContain(`role="status" data-phase="${phase}"`);
      expect(heard(html)).toBe("Waiting for the model");
      expect(html.replace(/<span class="progress" aria-hidden="true">.*/u, "")).not.toContain(
        "clock",
      );
    },
  );

  it("tells the place in the line", () => {
    const status = { phase: "queued", at: 1, position: 2, of: 5 } as const;
    expect(line({ status })).toContain("Waiting in line, 2 of 5");
  });

  it.each<[MessageState | undefined, string, string]>([
    ["streaming", "connecting", "The answer begins"],
    ["done", "done", "The answer is complete"],
    ["interrupted", "interrupted", "The answer broke off"],
    [undefined, "idle", ""],
  ])("of an answer that is %s has the phase %s and says %j", (state, phase, words) => {
    const html = line({ state });
    expect(html).toContain(`data-phase="${phase}"`);
    expect(heard(html)).toBe(words);
  });
});

describe("the words of an estimate", () => {
  const asked = { model: "m", loaded: false };
  it.each([
    ["loading", 12_000, 0, "about 12 s left, an estimate"],
    ["loading", 12_000, 11_000, "about 1 s left, an estimate"],
    ["loading", 12_000, 13_000, "longer than last time"],
    ["reading", 90_000, 5000, "about 1 min 25 s left, an estimate"],
    ["reading", undefined, 5000, undefined],
    ["connecting", 12_000, 3000, "then the model is loaded: about 12 s, an estimate"],
    ["connecting", undefined, 3000, "then the model is loaded"],
    ["connecting", 12_000, 0, undefined],
  ] as const)("in %s, %s ms, after %d ms", (phase, estimate, elapsed, words) => {
    expect(estimateWords({ phase, asked, estimate, elapsed })).toBe(words);
  });

  it("promise no loading where the model may be in memory", () => {
    const wait = { phase: "connecting", asked: { model: "m" }, elapsed: 3000 } as const;
    expect(estimateWords({ ...wait, estimate: undefined })).toBeUndefined();
  });
});

describe("a note on the release", () => {
  it.each([
    [{ state: "asked" }, "Stop was asked for."],
    [{ state: "released", ms: 7 }, "The GPU was released after 7 ms."],
    [{ state: "unknown" }, "Stop was asked for; whether the GPU is free is not known."],
  ] as const)("%j", (release, words) => {
    expect(show(<ReleaseNote release={release} />)).toContain(words);
  });
});

describe("a problem", () => {
  const problem: Problem = {
    code: "queue_full",
    link: "app",
    message: "Full.",
    fix: "Wait.",
    retryable: true,
  };
  const view = (changes: Partial<Problem>) =>
    show(<ProblemView problem={{ ...problem, ...changes }} onRetry={() => undefined} />);

  it.each(LINKS)("of the link %s leaves those before it whole and those after it open", (link) => {
    const states = linkStates(link).map(({ state }) => state);
    const at = LINKS.indexOf(link);
    expect(states[at]).toBe("broken");
    expect(states.slice(0, at).every((state) => state === "whole")).toBe(true);
    expect(states.slice(at + 1).every((state) => state === "unknown")).toBe(true);
    const html = view({ link });
    expect(html).toContain(`role="alert" data-link="${link}" data-code="queue_full"`);
    expect(html.match(/stops here/gu)).toHaveLength(1);
    expect(html.match(/works/gu) ?? []).toHaveLength(at);
  });

  it("offers Retry only where that may help, and at once", () => {
    expect(view({})).toMatch(/<button type="button" class="button">.*Retry/u);
    expect(view({ retryable: false })).not.toContain("Retry");
    expect(view({ code: "unauthorized", retryable: false })).toContain('href="/sign-in"');
  });

  it("says when Retry may help, and takes it before that too", () => {
    const html = view({ retryAfterSeconds: 15 });
    expect(html).toContain('<span aria-hidden="true">It may work again in 15 s.');
    expect(html).not.toContain("disabled");
  });

  it("has its request's number to copy", () => {
    expect(view({ requestId: "r1" })).toMatch(/Request r1.*<button/u);
    expect(view({})).not.toContain("Request");
  });
});

describe("the context meter", () => {
  const meter = (use: Partial<Parameters<typeof ContextMeter>[0]>) =>
    show(<ContextMeter policy="refuse" {...use} />);

  it("tells counts in words and numbers", () => {
    const html = meter({ usedTokens: 1024, contextLength: 4096 });
    expect(html).toContain('role="meter"');
    expect(html).toContain('aria-valuemax="4096" aria-valuenow="1024"');
    expect(html).toContain('aria-valuetext="1,024 of 4,096 tokens, 25%"');
    expect(html).not.toContain("may not fit");
  });

  it("tells tokens only where the length is not known, and nothing of nothing", () => {
    expect(meter({ usedTokens: 1024 })).toContain("<span>1,024 tokens</span>");
    expect(meter({ usedTokens: 1024 })).not.toContain("meter");
    expect(meter({ contextLength: 4096 })).toBe("");
  });

  it("calls a guess a guess, and counts what is being written in", () => {
    const draft = meter({ usedTokens: 1024, contextLength: 4096, draftTokens: 1024 });
    expect(draft).toContain('aria-valuetext="about 2,048 of 4,096 tokens, 50%, an estimate"');
    expect(meter({ usedTokens: 5, estimated: true })).toContain("about 5 tokens, an estimate");
  });

  it("warns from 80 % on, by what will be done", () => {
    const near = { usedTokens: 80, contextLength: 100 };
    expect(meter(near)).toContain("is refused");
    expect(meter({ ...near, policy: "trim" })).toContain("the oldest messages are left out");
    expect(meter({ ...near, usedTokens: 95 })).toContain("almost full");
    expect(meter({ ...near, usedTokens: 130 })).toContain('aria-valuenow="100"');
    expect(meter({ ...near, usedTokens: 130 })).toContain("more than the context holds");
  });
});

describe("the facts", () => {
  it("are folded whole under Details; a guess is called one", () => {
    const metadata = { completionTokens: 40, estimated: true, totalMs: 2100, loadMs: 500 } as const;
    const html = show(<Facts metadata={metadata} />);
    expect(html).toContain("about 40 tokens, an estimate");
    expect(html).toContain('<th scope="row">In all</th><td>2.1 s</td>');
    expect(html.match(/<tr>/gu)).toHaveLength(3);
  });

  it("that are not known are not there", () => {
    expect(show(<Facts metadata={{}} />)).toBe("");
  });
});

describe("a thought", () => {
  it("is not in the page while it is folded, however long it is", () => {
    const text = "Hm. ".repeat(25_000);
    const html = show(<Thinking text={text} live duration={undefined} />);
    expect(html.length).toBeLessThan(600);
    expect(html).toContain("Hm. Hm.");
    expect(show(<Thinking text={text} live={false} duration={3200} />)).not.toContain("Hm.");
  });
});
