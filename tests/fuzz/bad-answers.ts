/** What a door that means ill, or an Ollama in trouble, may answer. */

/** In whatever a caller may not get to see. */
export const MARK = "words-from-upstream";
/** In quotations, as of a caller's own words: these are not for the log either. */
export const QUOTED = "quoted-words-from-upstream";

export interface BadAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Whether the connection breaks behind it. */
  readonly breaks?: boolean;
}

const JSON_TYPE = "application/json";
const json = (status: number, error: string): BadAnswer => ({
  status,
  contentType: JSON_TYPE,
  body: JSON.stringify({ error }),
});

/** Streams go on with what they began. */
const stream = (body: string, breaks = false): BadAnswer => ({
  status: 200,
  contentType: "text/event-stream",
  body,
  breaks,
});

type Answering = (sent: string, path: string) => BadAnswer;

const FAILED = `${MARK}: '${QUOTED}'`;

/** As Ollama tells in mid-stream that it failed (WIRE.md), dialect by dialect; documents have no such form. */
function failureOf(path: string, error: string): string {
  if (path.includes("embed")) return "{}";
  if (path.startsWith("/api/")) return `${error}\n`;
  const named = path === "/v1/responses" || path === "/v1/messages" ? "event: error\n" : "";
  return `${named}data: ${error}\n\n`;
}

/** Each quotes its caller where a real one does, or worse (WIRE.md has the mild forms). */
const ANSWERS: readonly Answering[] = [
  (sent) => json(400, `invalid request "${QUOTED}": ${sent}`),
  (sent) => json(400, `json: cannot unmarshal "${QUOTED} ${sent}" into Go struct field`),
  () => json(400, "the input length exceeds the context length"),
  (sent) => json(400, `input (99999 tokens) exceeds context (10 tokens) "${QUOTED}" ${sent}`),
  (sent) => json(404, `model "${QUOTED} ${sent}" not found, try pulling it first`),
  (sent) => json(500, `llama runner process has terminated: "${QUOTED}" ${sent}`),
  (sent) => json(500, `unable to load model: {${QUOTED}} ${sent}`),
  () => ({ status: 500, contentType: "text/html", body: `<html>${MARK}</html>` }),
  () => ({ status: 200, contentType: "text/html", body: `<html>${MARK}</html>` }),
  () => ({ status: 502, contentType: "text/plain", body: "" }),
  () => ({
    status: 403,
    contentType: JSON_TYPE,
    body: `{"error":{"message":"${MARK}: '${QUOTED}'"}}`,
  }),
  () => ({ status: 402, contentType: JSON_TYPE, body: `{"error":["${QUOTED}"]}` }),
  () => ({ status: 429, contentType: JSON_TYPE, body: `[[[[${QUOTED}` }),
  () => ({ status: 302, contentType: "text/plain", body: MARK }),
  (sent, path) => stream(failureOf(path, JSON.stringify({ error: FAILED, sent }))),
  () => stream("{".repeat(50_000)),
  () => stream(`${"\n".repeat(100_000)}{"done":"true"}`),
  () => stream('{"message":{"content":"Hi"},"done":fal', true),
  () => stream("data: ".repeat(20_000), true),
  () => stream(`${"\uFEFF".repeat(10)}null\n[]\n7\n"x"\n`),
  () => stream("\0\xff".repeat(10_000)),
  () => stream("", true),
];

/** Each in its turn. */
export function badAnswers(): Answering {
  let turn = 0;
  return (sent, path) => {
    turn += 1;
    const answering = ANSWERS[turn % ANSWERS.length];
    return answering === undefined ? json(500, MARK) : answering(sent, path);
  };
}
