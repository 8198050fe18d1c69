import { anything, array, assert, constantFrom, oneof, property, record, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { RelayError } from "../../lib/errors.ts";
import { decodeChatBody } from "../../lib/wire/chat-body.ts";

const role = oneof(constantFrom("user", "assistant", "system"), string());
const message = oneof(
  record({ role, content: oneof(string(), anything()) }),
  record({ role, parts: array(oneof(record({ type: string(), text: string() }), anything())) }),
  anything(),
);
const body = oneof(
  anything(),
  record(
    {
      messages: oneof(array(message), anything()),
      model: anything(),
      stream: anything(),
      think: anything(),
      options: anything(),
    },
    { requiredKeys: [] },
  ),
);

/** What became of a body: `chat`, the text of its refusal, or whatever else was thrown. */
function outcomeOf(sent: unknown): string {
  try {
    const { messages } = decodeChatBody(sent);
    return messages.every(({ content }) => typeof content === "string") ? "chat" : "not a text";
  } catch (thrown) {
    const refused = thrown instanceof RelayError && thrown.code === "bad_request";
    return refused ? `refused ${thrown.message}` : `threw ${String(thrown)}`;
  }
}

describe("any body at all", () => {
  it("is a chat or a bad_request that names a place, nothing else", () => {
    assert(
      property(body, (sent) => {
        expect(outcomeOf(sent)).toMatch(/^(chat|refused \S+: .*)$/su);
      }),
      { numRuns: 5_000 },
    );
  });
});
