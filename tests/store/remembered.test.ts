import { describe, expect, it } from "vitest";
import { NO_EDIT, saving } from "../../lib/store/edits.ts";
import { Remembered } from "../../lib/store/remembered.ts";
import { chatOf, messageOf } from "./messages.ts";

describe("what is remembered", () => {
  it("is no full list when another tab changed a chat while it was read", () => {
    const remembered = new Remembered();
    const since = remembered.version;
    remembered.doubt("c");
    remembered.putAll([chatOf("c")], since);
    expect(remembered.isListed).toBe(false);
    remembered.putAll([chatOf("c")], remembered.version);
    expect(remembered.isListed).toBe(true);
    remembered.putAll([chatOf("c")], undefined);
    expect(remembered.isListed).toBe(false);
  });

  it("is not the chat as it is when another tab changed one while it was written, or might have", () => {
    const remembered = new Remembered();
    const since = remembered.version;
    remembered.doubt("c");
    remembered.putWritten(chatOf("c"), NO_EDIT, since);
    expect(remembered.current("c")).toBeUndefined();
    remembered.putWritten(chatOf("c"), NO_EDIT, undefined);
    expect(remembered.current("c")).toBeUndefined();
    remembered.putWritten(chatOf("c"), NO_EDIT, remembered.version);
    expect(remembered.current("c")).toEqual(chatOf("c"));
    remembered.doubtAll();
    expect(remembered.current("c")).toBeUndefined();
  });

  it("are the messages of the chats that were opened last", () => {
    const remembered = new Remembered();
    const messages = [messageOf("q", "Key?")];
    for (let count = 0; count < 40; count += 1) {
      const chat = chatOf(`c${count}`);
      remembered.putWritten(chat, saving(chat, messages), remembered.version);
    }
    expect(remembered.read("c39")?.messages).toEqual(messages);
    expect(remembered.read("c0")).toEqual({ chat: chatOf("c0"), messages: [] });
    expect(remembered.wasSeen("c0")).toBe(true);
    expect(remembered.wasSeen("other")).toBe(false);
  });
});
