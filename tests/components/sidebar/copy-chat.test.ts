import { describe, expect, it } from "vitest";
import { chatAsMarkdown } from "../../../components/sidebar/copy-chat.ts";
import type { Message } from "../../../lib/store/records.ts";

function message(id: string, role: Message["role"], text: string, more: Partial<Message> = {}) {
  const parts = [{ id: "0", type: "text" as const, text }];
  return { id, role, parts, state: "done" as const, createdAt: 0, ...more };
}

describe("a chat as Markdown", () => {
  it("has its title, who spoke, the texts as they are, and the names of what was attached", () => {
    const answer = message("a", "assistant", "\n    code\n\n**Yes**  \nor\n", {
      parentId: "q",
      metadata: { model: "qwen3:0.6b" },
    });
    const thinking = { id: "t", type: "thinking" as const, text: "Hm." };
    const markdown = chatAsMarkdown({ title: "On\n doors ", leafId: "a" }, [
      message("q", "user", "Is it *locked*?", {
        attachments: [
          { id: "1", kind: "text", name: "lock.txt", mediaType: "text/plain", data: "secret" },
          { id: "2", kind: "image", name: "door.png", mediaType: "image/png", data: "data:," },
        ],
      }),
      { ...answer, parts: [thinking, ...answer.parts] },
    ]);
    expect(markdown).toBe(`# On doors

## You

Is it *locked*?

Attached: lock.txt, door.png

## Answer (qwen3:0.6b)

    code

**Yes**  
or
`);
  });

  it("follows the branch in view only", () => {
    const markdown = chatAsMarkdown({ title: "T", leafId: "a2" }, [
      message("q", "user", "Which?"),
      message("a1", "assistant", "First", { parentId: "q" }),
      message("a2", "assistant", "Second", { parentId: "q" }),
    ]);
    expect(markdown).toContain("Second");
    expect(markdown).not.toContain("First");
  });

  it("ends when messages are each other's parents, and takes all where the leaf is gone", () => {
    const ring = [
      message("a", "user", "One", { parentId: "b" }),
      message("b", "assistant", "Two", { parentId: "a" }),
    ];
    expect(chatAsMarkdown({ title: "T", leafId: "b" }, ring).match(/One|Two/gu)).toEqual([
      "One",
      "Two",
    ]);
    expect(chatAsMarkdown({ title: "", leafId: "gone" }, ring)).toMatch(
      /^# New chat\n.*One.*Two/su,
    );
  });
});
