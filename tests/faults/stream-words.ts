/** How a stream tells its end, well or not, in each dialect. */
import {
  ANTHROPIC_ERROR,
  errorIn,
  OLLAMA_ERROR,
  OPENAI_ERROR,
  PROBLEM_PART,
  RESPONSES_ERROR,
  type ErrorShape,
  type ToldError,
} from "./error-shapes.ts";

/**
 * What a whole stream tells its reader: `complete`, an error as the last thing and no proper end, `broken` for
 * neither, `muddled` for both or for something after them.
 */
export type Ending = "complete" | "broken" | "muddled" | ToldError;

export type ReadEnding = (text: string) => Ending;

interface Words {
  readonly boundary: "\n" | "\n\n";
  /** What an error begins with, before its JSON. */
  readonly errorPrefix: string;
  readonly error: ErrorShape;
  /** After such a record its client takes the answer for complete. */
  readonly end: RegExp;
  /** What must come last in a complete one. */
  readonly lastEnd: RegExp;
}

const reader =
  (words: Words): ReadEnding =>
  (text) => {
    if (!text.endsWith(words.boundary)) return text === "" ? "broken" : "muddled";
    const records = text.slice(0, -words.boundary.length).split(words.boundary);
    const last = records.at(-1) ?? "";
    const errors = records.flatMap((record) => {
      const hasPrefix = record.startsWith(words.errorPrefix);
      const error = hasPrefix && errorIn(words.error, record.slice(words.errorPrefix.length));
      return error ? [{ record, error }] : [];
    });
    const hasEnd = records.some((record) => words.end.test(record));
    const [told] = errors;
    if (told === undefined) {
      if (!hasEnd) return "broken";
      return words.lastEnd.test(last) ? "complete" : "muddled";
    }
    const isClean = errors.length === 1 && told.record === last && !hasEnd;
    return isClean ? told.error : "muddled";
  };

export const readNdjson = reader({
  boundary: "\n",
  errorPrefix: "",
  error: OLLAMA_ERROR,
  end: /"done":true/,
  lastEnd: /"done":true/,
});

/** Of /v1/chat/completions and /v1/completions. */
export const readOpenai = reader({
  boundary: "\n\n",
  errorPrefix: "data: ",
  error: OPENAI_ERROR,
  end: /^data: \[DONE\]$|"finish_reason":"/,
  lastEnd: /^data: \[DONE\]$/,
});

export const readResponses = reader({
  boundary: "\n\n",
  errorPrefix: "event: error\ndata: ",
  error: RESPONSES_ERROR,
  end: /^event: response\.(completed|incomplete|failed)\n/,
  lastEnd: /^event: response\.completed\n/,
});

export const readAnthropic = reader({
  boundary: "\n\n",
  errorPrefix: "event: error\ndata: ",
  error: ANTHROPIC_ERROR,
  end: /^event: message_(stop|delta)\n/,
  lastEnd: /^event: message_stop\n/,
});

const readProblem = reader({
  boundary: "\n\n",
  errorPrefix: "data: ",
  error: PROBLEM_PART,
  end: /^data: \{"type":"finish"/,
  lastEnd: /^data: \{"type":"finish"/,
});

/** CONTRACT.md: a failure is `data-problem`, `message-metadata`, `error`, `[DONE]`. */
const FAILURE_TAIL =
  /data: \{"type":"message-metadata",[^\n]+\n\ndata: \{"type":"error","errorText":"[^\n]+\n\ndata: \[DONE\]\n\n$/;
const DONE = "data: [DONE]\n\n";

/** The AI SDK's UI message stream. */
export const readUiParts: ReadEnding = (text) => {
  if (!text.endsWith(DONE)) return "broken";
  const failed = FAILURE_TAIL.exec(text);
  return readProblem(text.slice(0, failed === null ? -DONE.length : failed.index));
};
