import type { Strike } from "./faulty-door.ts";

/** Something that stands where the door should, or a door that does not do its part. */
export interface DoorFault {
  readonly name: string;
  readonly strike: Strike;
  readonly code: string;
  readonly status: number;
  readonly link: string;
}

const answer =
  (status: number, headers: Record<string, string> = {}, body = ""): Strike =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
/** Over the bare connection. */
const say =
  (bytes: string): Strike =>
  ({ socket }) =>
    void socket.end(bytes);

const HTML = { "content-type": "text/html; charset=utf-8" };
const JSON_TYPE = { "content-type": "application/json" };
const LOGIN = "<!doctype html><title>Sign in to the café</title>";
const nginx = (status: string) =>
  `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center><hr><center>nginx/1.22.1</center></body></html>`;

const door = { status: 502, link: "door" } as const;
const ollama = { status: 502, link: "ollama" } as const;
const notOurs = { ...door, code: "door_not_ours" } as const;

/** Each is told alike whether it strikes at a list or at the model, before the first byte of an answer. */
export const DOOR_FAULTS: readonly DoorFault[] = [
  { name: "401, empty", strike: answer(401), code: "door_refused_key", ...door },
  {
    name: "401, a page of nginx",
    strike: answer(401, HTML, nginx("401 Authorization Required")),
    code: "door_refused_key",
    ...door,
  },
  { name: "403, empty", strike: answer(403), code: "door_host_rewrite", ...door },
  {
    name: "429, empty",
    strike: answer(429, { "retry-after": "7" }),
    code: "door_rate_limited",
    status: 503,
    link: "door",
  },
  { name: "502, empty", strike: answer(502), code: "ollama_unreachable", ...ollama },
  {
    name: "502, a page of nginx",
    strike: answer(502, HTML, nginx("502 Bad Gateway")),
    code: "ollama_unreachable",
    ...ollama,
  },
  { name: "503, empty", strike: answer(503), code: "ollama_unreachable", ...ollama },
  {
    name: "504, a page of nginx",
    strike: answer(504, HTML, nginx("504 Gateway Time-out")),
    code: "ollama_unreachable",
    ...ollama,
  },
  {
    name: "503 of Ollama's, busy",
    strike: answer(
      503,
      JSON_TYPE,
      '{"error":"server busy, please try again.  maximum pending requests exceeded"}',
    ),
    code: "ollama_busy",
    status: 503,
    link: "ollama",
  },
  {
    name: "500 of Ollama's, with a path",
    strike: answer(
      500,
      JSON_TYPE,
      '{"error":"open /home/user/.ollama/models/blobs/sha256-1: no such file"}',
    ),
    code: "ollama_failed",
    ...ollama,
  },
  { name: "200, a login page", strike: answer(200, HTML, LOGIN), ...notOurs },
  {
    name: "302 to a login page",
    strike: answer(302, { location: "https://wifi.example/login" }),
    ...notOurs,
  },
  {
    name: "307 to another host",
    strike: answer(307, { location: "https://other.example/" }),
    ...notOurs,
  },
  {
    name: "404 page not found",
    strike: answer(404, { "content-type": "text/plain" }, "404 page not found"),
    code: "ollama_too_old",
    status: 501,
    link: "ollama",
  },
  {
    name: "418, a text",
    strike: answer(418, { "content-type": "text/plain" }, "I'm a teapot at /srv/teapot.js"),
    ...notOurs,
  },
  { name: "no HTTP, but SSH", strike: say("SSH-2.0-OpenSSH_9.6\r\n"), ...notOurs },
  {
    name: "headers without an end",
    strike: say(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(100_000)}\r\n\r\n`),
    ...notOurs,
  },
  {
    name: "reset before an answer",
    strike: ({ socket }) => void socket.resetAndDestroy(),
    code: "interrupted",
    status: 502,
    link: "network",
  },
  {
    name: "closed within the headers",
    strike: say("HTTP/1.1 200 OK\r\ncontent-"),
    code: "interrupted",
    status: 502,
    link: "network",
  },
];
