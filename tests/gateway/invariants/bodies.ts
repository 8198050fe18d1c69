/** How much one may send. */
import type { Reply } from "../../helpers/knock.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import type { Check, Room } from "./room.ts";
import { BODY_MEGABYTES, withKey } from "./room.ts";
import { ask, headOf, openLine, parseReply, PATIENCE_MS } from "./wire.ts";

const LARGE = 4_400_000;
const CAP = BODY_MEGABYTES * 1_000_000;
const PIECE = "x".repeat(100_000);
const POST = { method: "POST", target: "/api/chat" } as const;

/** Sends pieces of unknown number, until all are sent or the door has had enough. */
async function sendChunked({ door: { port } }: Room, bytes: number): Promise<Reply> {
  const line = await openLine(port);
  try {
    line.send(headOf(port, { ...POST, headers: [withKey, "Transfer-Encoding: chunked"] }));
    const chunk = `${PIECE.length.toString(16)}\r\n${PIECE}\r\n`;
    for (let sent = 0; sent < bytes && !line.ended(); sent += PIECE.length) line.send(chunk);
    line.send("0\r\n\r\n");
    await waitUntil("an answer to a chunked body", () => line.ended(), { timeoutMs: PATIENCE_MS });
    return parseReply(line.received());
  } finally {
    line.leave();
  }
}

async function passes(
  room: Room,
  how: string,
  send: () => Promise<Reply>,
): Promise<string | undefined> {
  room.behind.requests.length = 0;
  const { status } = await send();
  const length = room.behind.requests[0]?.body.length;
  if (status === 200 && length === LARGE) return undefined;
  return `4.4 MB ${how}: ${status}, of which ${length ?? 0} bytes were passed on`;
}

/** A Caddy takes no body whose length it is not told. */
async function unannounced(room: Room): Promise<string | undefined> {
  room.behind.requests.length = 0;
  const { status } = await sendChunked(room, PIECE.length);
  if (status === 411 && room.behind.requests.length === 0) return undefined;
  return `a body in chunks: ${status}, passed on ${room.behind.requests.length} times`;
}

export const bodiesCapped: Check = async (room) => {
  const { door, behind } = room;
  const wrong =
    (await passes(room, "announced", () =>
      ask(door.port, { ...POST, headers: [withKey], body: "x".repeat(LARGE) }),
    )) ??
    (door.kind === "nginx"
      ? await passes(room, "in chunks", () => sendChunked(room, LARGE))
      : await unannounced(room));
  if (wrong !== undefined) return wrong;
  behind.requests.length = 0;
  for (const announced of [CAP, CAP * 2, CAP * 25, 99_999_999_999]) {
    const headers = [withKey, `Content-Length: ${announced}`];
    const reply = ask(door.port, { ...POST, headers }).catch(() => undefined);
    const status = (await reply)?.status ?? "no answer, but a wait for them";
    if (status !== 413) return `${announced} bytes announced: ${status}`;
  }
  const { status } = await sendChunked(room, CAP + 400_000);
  // The answer may be lost, since the door closes before it has read all: what counts is that none is passed on.
  if (status > 0 && status < 400) return `more than the cap in chunks: ${status}`;
  return behind.requests.length === 0 ? undefined : "a body over the cap was passed on";
};
