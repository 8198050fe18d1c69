import { describe, expect, it } from "vitest";
import { followRelease, type ReleaseQuestion } from "../../../components/status/release.ts";
import type { Release } from "../../../lib/store/records.ts";

type Answer = object | "refused" | "unreachable";

/** An app that gives these answers one after the other, then the last one on and on. */
function appWith(answers: readonly Answer[]) {
  const asked: string[] = [];
  const waits: number[] = [];
  const question: ReleaseQuestion = {
    requestId: "r 1",
    signal: new AbortController().signal,
    wait: async (ms) => {
      waits.push(ms);
    },
    fetch: async (input) => {
      asked.push(input instanceof Request ? input.url : input.toString());
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (answer === "unreachable") throw new TypeError("no network");
      if (answer === "refused") return new Response("no", { status: 500 });
      return Response.json(answer);
    },
  };
  return { asked, waits, question };
}

async function tell(question: ReleaseQuestion): Promise<Release[]> {
  const told: Release[] = [];
  for await (const release of followRelease(question)) told.push(release);
  return told;
}

const asked = { state: "asked" };
const unknown = { state: "unknown" };

describe("after Stop", () => {
  it("the release is told with its milliseconds, by the request's own address", async () => {
    const app = appWith([{ state: "stopped", releasedMs: 7 }]);
    expect(await tell(app.question)).toEqual([asked, { state: "released", ms: 7 }]);
    expect(app.asked).toEqual(["/api/requests/r%201"]);
  });

  it("the app is asked again, at growing intervals, until it tells", async () => {
    const app = appWith([
      { state: "streaming" },
      "unreachable",
      "refused",
      { state: "unknown" },
      { state: "stopped", releasedMs: 0 },
    ]);
    expect(await tell(app.question)).toEqual([asked, { state: "released", ms: 0 }]);
    expect(app.asked).toHaveLength(5);
    expect(app.waits).toEqual(app.waits.toSorted((left, right) => left - right));
  });

  it.each<Answer>([
    { state: "streaming" },
    { state: "unknown" },
    { state: "waiting", releasedMs: 7 },
    "unreachable",
    "refused",
  ])("no more is told than is known: %j", async (answer) => {
    const app = appWith([answer]);
    expect(await tell(app.question)).toEqual([asked, unknown]);
    const patience = app.waits.reduce((sum, ms) => sum + ms, 0);
    expect(patience).toBeGreaterThan(2000);
    expect(patience).toBeLessThan(3500);
  });

  it("nothing is released where the model was never asked", async () => {
    const app = appWith([{ state: "waiting" }, { state: "stopped" }]);
    expect(await tell(app.question)).toEqual([asked, { state: "unasked" }]);
  });

  it("an answer that had ended before is not asked for again", async () => {
    const app = appWith([{ state: "done" }]);
    expect(await tell(app.question)).toEqual([asked, unknown]);
    expect(app.asked).toHaveLength(1);
  });

  it("nobody is asked without a request's id", async () => {
    const app = appWith([{ state: "stopped", releasedMs: 7 }]);
    expect(await tell({ ...app.question, requestId: undefined })).toEqual([asked, unknown]);
    expect(app.asked).toEqual([]);
  });

  it("giving up ends it at once, without a further word", async () => {
    const app = appWith([{ state: "streaming" }]);
    const controller = new AbortController();
    const { wait: _none, ...own } = { ...app.question, signal: controller.signal };
    const told = followRelease(own);
    expect((await told.next()).value).toEqual(asked);
    const rest = told.next();
    controller.abort();
    expect(await rest).toEqual({ done: true, value: undefined });
    expect(app.asked).toEqual([]);
  });
});
