import { describe, expect, it } from "vitest";
import { requestBody, toUiMessages } from "../../../components/chats/request-body.ts";
import type { Attachment, Message } from "../../../lib/store/records.ts";
import { decodeChatBody } from "../../../lib/wire/chat-body.ts";

const PIXEL = "data:image/png;base64,iVBORw0KGgo=";
const image: Attachment = {
  id: "i1",
  kind: "image",
  name: "door.png",
  mediaType: "image/png",
  data: PIXEL,
};
const notes: Attachment = {
  id: "t1",
  kind: "text",
  name: "notes.txt",
  mediaType: "text/plain",
  data: "문은 나무다.",
};
const question: Message = {
  id: "q1",
  role: "user",
  parts: [{ id: "0", type: "text", text: "What is this?" }],
  attachments: [image, notes],
  state: "done",
  createdAt: 1,
};
const answer: Message = {
  id: "a1",
  parentId: "q1",
  role: "assistant",
  parts: [
    { id: "0", type: "thinking", text: "Hm." },
    { id: "1", type: "text", text: "A do" },
    { id: "2", type: "notice", notice: { kind: "trimmed", message: "Left out." } },
  ],
  state: "stopped",
  createdAt: 2,
};

describe("what the app is sent", () => {
  it("is read by the app as the person meant it", () => {
    const settings = {
      system: "Be kind.",
      think: true,
      options: { temperature: 0.5, stop: ["END"] },
      context: "trim",
    } as const;
    const body = {
      ...requestBody([question], "small", settings),
      messages: toUiMessages([question], settings),
    };
    const read = decodeChatBody(JSON.parse(JSON.stringify(body)));
    expect(read).toMatchObject({
      model: "small",
      stream: true,
      think: true,
      context: "trim",
      options: { temperature: 0.5, stop: ["END"] },
    });
    expect(read.messages).toEqual([
      { role: "system", content: "Be kind." },
      {
        role: "user",
        content: "notes.txt:\n\n문은 나무다.\n\nWhat is this?",
        images: [PIXEL.slice(PIXEL.indexOf(",") + 1)],
      },
    ]);
  });

  it("has no thinking, no notices and no empty answers in it", () => {
    const empty: Message = { ...answer, id: "a2", parts: [], state: "waiting" };
    const [, said] = toUiMessages([question, answer, empty], {});
    expect(said?.parts).toEqual([{ type: "text", text: "A do" }]);
    expect(toUiMessages([question, empty], {})).toHaveLength(1);
  });

  it("leaves to the model what nobody set", () => {
    expect(requestBody([question], undefined, {})).toEqual({ stream: true });
  });

  it("has no second thinking in it when an answer is to go on", () => {
    expect(requestBody([question, answer], "small", {})).toMatchObject({ think: false });
    expect(requestBody([question, answer], "small", { think: true })).toMatchObject({
      think: false,
    });
    expect(requestBody([question, answer], "small", { think: "low" })).toMatchObject({
      think: "low",
    });
    const thoughtOnly: Message = { ...answer, parts: answer.parts.slice(0, 1) };
    expect(requestBody([question, thoughtOnly], "small", {})).toEqual({
      stream: true,
      model: "small",
    });
  });
});
