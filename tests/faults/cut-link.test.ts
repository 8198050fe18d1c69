/** Whose fault it was that an answer broke off: one question to the door's open path tells. */
import { describe, expect, it } from "vitest";
import { openDoorStub } from "../lib/door-stub.ts";
import { APP_JSON, APP_STREAM, STREAMS } from "./dialects.ts";
import { answerOf } from "./outcome.ts";
import { openRelay } from "./relay.ts";
import { faultTable } from "./report.ts";

const addRow = faultTable("An answer that broke off", ["outcome", "link"]);
const TAGS = '{"models":[{"name":"latchkey-demo:latest","capabilities":["completion"]}]}';
const WORD = '{"message":{"role":"assistant","content":"Hi"},"done":false}\n';

type Health = "answers" | "has gone" | "hangs" | "is cut as well";

/** The dialects in which an error names the link. */
const TELLING = [APP_STREAM, APP_JSON, STREAMS[0]].filter((each) => each !== undefined);

async function askOfCutDoor(health: Health) {
  await using stack = new AsyncDisposableStack();
  const door = await openDoorStub((request, response) => {
    if (request.url === "/api/tags") response.end(TAGS);
    else if (request.url === "/api/ps") response.end('{"models":[]}');
    else if (request.url === "/health" && health === "answers") response.end("OK");
    else if (request.url === "/health" && health === "is cut as well") request.socket.destroy();
    else if (request.url === "/api/chat") {
      response.write(WORD, () => {
        if (health === "has gone") void door[Symbol.asyncDispose]();
        else request.socket.destroy();
      });
    }
  });
  stack.use(door);
  const relay = await openRelay(door.url);
  const answers = [];
  for (const dialect of TELLING) {
    // Once the door has gone there is no more than the first to ask.
    if (health !== "has gone" || answers.length === 0) answers.push(await answerOf(relay, dialect));
  }
  return answers;
}

describe.each([
  ["answers", "ollama"],
  ["has gone", "door"],
  ["hangs", "network"],
  ["is cut as well", "network"],
] as const)("while the door %s", (health, link) => {
  it(`breaks at ${link}`, { timeout: 15_000 }, async () => {
    const answers = await askOfCutDoor(health);
    for (const answer of answers) {
      addRow([`${answer.dialect.name}, the door ${health}`, answer.outcome, answer.link ?? ""]);
      const told = answer.dialect === APP_JSON ? "502 interrupted" : "in-band interrupted";
      expect.soft(answer).toMatchObject({ outcome: told, link });
    }
    expect(answers.length).toBe(health === "has gone" ? 1 : TELLING.length);
  });
});
