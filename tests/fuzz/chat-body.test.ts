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

describe("any body at all", () => {
  it("is a chat or a bad_request that names a place, nothing else", () => {
    assert(
      property(body, (sent) => {
        try {
          const chat = decodeChatBody(sent);
          expect(chat.messages.every(({ content }) => typeof content === "string")).toBe(true);
        } catch (thrown) {
          if (!(thrown instanceof RelayError)) throw thrown;
          expect(thrown.code).toBe("bad_request");
          expect(thrown.message).toMatch(/^\S+: /);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
