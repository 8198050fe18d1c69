import type { RequestListener } from "node:http";
import { describe, expect, it, vi } from "vitest";
import type { Config } from "../../lib/config.ts";
import { Exchange } from "../../lib/exchange.ts";
import { listLoaded, listModels } from "../../lib/models.ts";
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

const QUESTIONS = [
  ["what is loaded", (config: Config, signal: AbortSignal) => listLoaded(config, signal)],
  [
    "the list of models",
    (config: Config, signal: AbortSignal) => listModels(config, "owner", signal),
  ],
] as const;

describe.each(QUESTIONS)("%s, asked by two at once", (_what, question) => {
  it("is one question, and leaves no connection to the door when both have left", async () => {
    let open = 0;
    let asked = 0;
    await using door = await openDoorStub((request) => {
      open += 1;
      asked += 1;
      request.socket.on("close", () => (open -= 1));
    });
    const config = configFor(door.url);
    const callers = [new AbortController(), new AbortController()] as const;
    const answers = callers.map(({ signal }) => question(config, signal).catch((thrown) => thrown));
    await vi.waitFor(() => expect(open).toBe(1));
    callers[0].abort(new Error("the first leaves"));
    expect(await answers[0]).toBe(callers[0].signal.reason);
    expect(open).toBe(1);
    callers[1].abort(new Error("nobody asks any more"));
    expect(await answers[1]).toBe(callers[1].signal.reason);
    await vi.waitFor(() => expect(open).toBe(0));
    expect(asked).toBe(1);
  });

  it("goes on for the one who stays", async () => {
    const asked = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    await using door = await openDoorStub((_request, response) => {
      asked.resolve();
      void going.promise.then(() => response.end('{"models":[]}'));
    });
    const config = configFor(door.url);
    const leaving = new AbortController();
    const left = question(config, leaving.signal).catch((thrown) => thrown);
    const stayed = question(config, AbortSignal.timeout(10_000));
    await asked.promise;
    leaving.abort(new Error("the first leaves"));
    await left;
    going.resolve();
    expect(await stayed).toEqual([]);
  });
});
