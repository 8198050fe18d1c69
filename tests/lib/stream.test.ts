import type { RequestListener } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { Exchange } from "../../lib/exchange.ts";
import { listLoaded } from "../../lib/models.ts";
import { RelayError } from "../../lib/errors.ts";
import { DocumentReader } from "../../lib/relay/document-reader.ts";
import { readAnswer } from "../../lib/stream.ts";
import { configFor } from "./door-config.ts";
import { openDoorStub } from "./door-stub.ts";

const WORD = '{"message":{"content":"Hi"},"done":false}\n';
const DONE = '{"message":{"content":""},"done":true,"done_reason":"stop"}';

const DONE_HI = 'done {"role":"assistant","content":"Hi"}';

/** What became of a chat that the door answers like this: `done` or the error's code and link. */
async function outcomeOf(answer: RequestListener, more = {}): Promise<string> {
  await using door = await openDoorStub((request, response) => {
    if (request.url === "/health") response.end("OK");
    else answer(request, response);
  });
  const exchange = new Exchange(new Request("http://app.example/api/chat", { method: "POST" }));
  const reader = new DocumentReader();
  try {
    const config = configFor(door.url, more);
    await readAnswer({ config, exchange, path: "/api/chat", body: "{}", reader });
    return `done ${JSON.stringify(reader.document?.["message"])}`;
  } catch (thrown) {
    if (!(thrown instanceof RelayError)) throw thrown;
    return `${thrown.code} ${thrown.toObject("").link}`;
  }
}

describe("a stream is complete with its done record", () => {
  it("even when the connection is cut behind it", async () => {
    const answer: RequestListener = (request, response) => {
      response.write(`${WORD}${DONE}\n`, () => request.socket.destroy());
    };
    expect(await outcomeOf(answer)).toBe(DONE_HI);
  });

  it("even when the connection is held open", async () => {
    const answer: RequestListener = (_request, response) => void response.write(`${WORD}${DONE}\n`);
    expect(await outcomeOf(answer)).toBe(DONE_HI);
  });

  it("even without a line end at its end", async () => {
    expect(await outcomeOf((_request, response) => response.end(WORD + DONE))).toBe(DONE_HI);
  });
});

describe("a stream without its done record", () => {
  it.each([
    ["ends cleanly", WORD],
    ["ends in the middle of a record", `${WORD}{"message":{"con`],
    ["says something that is no record", `${WORD}nonsense\n`],
  ])("is interrupted when it %s", async (_how, body) => {
    expect(await outcomeOf((_request, response) => response.end(body))).toBe("interrupted ollama");
  });

  it("is cut off by the clock of the whole, counted from the request's first moment", async () => {
    const answer: RequestListener = (_request, response) => void response.write(WORD);
    expect(await outcomeOf(answer, { TOTAL_SECONDS: "1" })).toBe("total_timeout app");
  });
});

it("an aborted question leaves no connection to the door", async () => {
  let open = 0;
  await using door = await openDoorStub((request) => {
    open += 1;
    request.socket.on("close", () => (open -= 1));
  });
  const controller = new AbortController();
  const asked = listLoaded(configFor(door.url), controller.signal).catch((thrown) => thrown);
  await vi.waitFor(() => expect(open).toBe(1));
  controller.abort(new Error("nobody asks any more"));
  expect(await asked).toBe(controller.signal.reason);
  await vi.waitFor(() => expect(open).toBe(0));
});
