import type { IncomingMessage, RequestListener } from "node:http";
import { openDoorStub, type DoorStub } from "../lib/door-stub.ts";
import type { BadAnswer } from "./bad-answers.ts";

/** A door that answers at once, and looks at everything that reaches it. */
export interface CheckingDoor extends DoorStub {
  /** What may not have come, in words; the first few. */
  readonly complaints: readonly string[];
  /** Requests that asked the model for something. */
  bodyCount(): number;
  /** Of whoever asks from now on. */
  expectFrom(role: "owner" | "guest"): void;
}

/** Names with their tags: what Ollama has, and what each role may use of it. */
const MODELS = ["small:latest", "other:7b", "secret:latest", "big:cloud"] as const;
const ALLOWED = {
  owner: ["small:latest", "other:7b"],
  guest: ["small:latest"],
} as const;
/** For the environment of the relay. */
export const MODEL_SETTINGS = {
  ALLOWED_MODELS: ALLOWED.owner.join(),
  ALLOWED_MODELS_GUEST: ALLOWED.guest.join(),
} as const;

const CAPABILITIES = ["completion", "tools", "vision", "thinking", "embedding"];
const TAGS = { models: MODELS.map((name) => ({ name, digest: name, capabilities: CAPABILITIES })) };
const GETS: Readonly<Record<string, object>> = {
  "/health": {},
  "/api/tags": TAGS,
  "/api/ps": { models: [] },
  "/api/version": { version: "0.0.0" },
  "/v1/models": { object: "list", data: MODELS.map((id) => ({ id })) },
};

/** The proper end of a document in every dialect. */
const DONE = {
  message: { content: "Hi" },
  response: "Hi",
  done: true,
  done_reason: "stop",
  choices: [{ finish_reason: "stop" }],
  stop_reason: "end_turn",
};
const CHUNKS = 'data: {"choices":[]}\n\ndata: [DONE]\n\n';
const STREAMS: Readonly<Record<string, string>> = {
  "/api/chat": `${JSON.stringify(DONE)}\n`,
  "/api/generate": `${JSON.stringify(DONE)}\n`,
  "/v1/chat/completions": CHUNKS,
  "/v1/completions": CHUNKS,
  "/v1/responses":
    'event: response.completed\ndata: {"type":"response.completed","response":{}}\n\n',
  "/v1/messages": 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
};

/** Runner options that do not make Ollama load the model anew (lib/wire/options.ts). */
const OPTIONS = new Set(
  "temperature top_p top_k min_p typical_p repeat_penalty presence_penalty frequency_penalty repeat_last_n num_ctx num_predict seed stop".split(
    " ",
  ),
);
const HEADERS = new Set(["host", "connection", "accept", "content-type", "content-length"]);

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function* complaintsAbout(text: string, role: keyof typeof ALLOWED): Generator<string> {
  const body: unknown = JSON.parse(text);
  if (!isFields(body)) return yield "no object";
  // No field twice, nothing that two decoders might read in two ways.
  if (JSON.stringify(body) !== text) yield "not written anew";
  for (const name of Object.keys(body)) {
    if (!/^[a-z0-9][a-z0-9_]*$/.test(name)) yield `field ${name}`;
  }
  if ("template" in body) yield "a template";
  const { model, options, keep_alive: keep } = body;
  const allowed: readonly string[] = ALLOWED[role];
  const named =
    typeof model === "string" && model.includes(":") ? model : `${String(model)}:latest`;
  if (!allowed.includes(named)) yield `model ${String(model)}`;
  if (options !== undefined && !isFields(options)) yield "options are no object";
  if (isFields(options)) {
    for (const name of Object.keys(options)) if (!OPTIONS.has(name)) yield `option ${name}`;
  }
  if (keep === undefined) return undefined;
  const isKept = typeof keep === "number" && Number.isInteger(keep) && keep >= 0 && keep <= 3_600;
  if (!isKept || role === "guest") yield `keep_alive ${JSON.stringify(keep)} of ${role}`;
  return undefined;
}

/** @param badly what the model's own paths answer instead of what they should */
export async function openCheckingDoor(
  doorKey: string,
  badly?: (sent: string, path: string) => BadAnswer,
): Promise<CheckingDoor> {
  const complaints: string[] = [];
  let bodies = 0;
  let role: keyof typeof ALLOWED = "owner";
  const complain = (words: string): void => {
    if (complaints.length < 20) complaints.push(words);
  };
  const checkHeaders = ({ headers }: IncomingMessage): void => {
    const { "x-api-key": key, ...others } = headers;
    if (key !== doorKey) complain("another key");
    for (const name of Object.keys(others)) if (!HEADERS.has(name)) complain(`header ${name}`);
  };
  const answerTo = (path: string, text: string): string => {
    bodies += 1;
    for (const words of complaintsAbout(text, role)) complain(`${path}: ${words} in ${text}`);
    const isStream = /"stream":true/.test(text) || (path in STREAMS && /^.api/.test(path));
    return (isStream ? STREAMS[path] : undefined) ?? `${JSON.stringify(DONE)}\n`;
  };
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? "";
    checkHeaders(request);
    if (request.method === "GET") {
      response.end(JSON.stringify(GETS[path] ?? { id: path.split("/").at(-1) }));
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (bytes: Buffer) => chunks.push(bytes));
    request.on("end", () => {
      const sent = Buffer.concat(chunks).toString("utf8");
      const good = answerTo(path, sent);
      if (badly === undefined) {
        response.end(good);
        return;
      }
      const { status, contentType, body, breaks = false } = badly(sent, path);
      response.writeHead(status, { "content-type": contentType });
      if (breaks) response.write(body, () => request.socket.destroy());
      else response.end(body);
    });
  };
  const stub = await openDoorStub(listener);
  return {
    ...stub,
    complaints,
    bodyCount: () => bodies,
    expectFrom: (next) => void (role = next),
    [Symbol.asyncDispose]: () => stub[Symbol.asyncDispose](),
  };
}
