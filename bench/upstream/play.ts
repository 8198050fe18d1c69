import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { now } from "../clock.ts";
import { dueAt, EACH, type Plan } from "../wire/plan.ts";
import type { Script } from "../wire/script.ts";
import { framesOf, type Frames } from "./frames.ts";
import type { Wheel } from "./wheel.ts";

/** Bytes a write where the reader sets the pace. */
const WRITE_BYTES = 16_384;

interface Stage {
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly frames: Frames;
}

/**
 * Sends a reply: status and headers together with the first token, as Ollama does. The chunks go
 * straight to the socket, already framed: that is what keeps this process cheap at 20,000 writes
 * a second. `response.end()` then writes the last, empty one and gives the connection back.
 */
export function play(response: ServerResponse, script: Script, plan: Plan, wheel: Wheel): void {
  const { socket } = response;
  if (socket === null) return;
  const stage = { response, socket, frames: framesOf(script, plan.chunk) };
  if (plan.rate === 0) pour(stage);
  else if (plan.rate === EACH) writeEach(stage);
  else pace(stage, plan, wheel);
}

/** As fast as the reader takes it: some chunks a write until the socket is full, and on at its drain. */
function pour({ response, socket, frames: { bytes, ends } }: Stage): void {
  let sent = 0;
  let chunk = 0;
  const more = (): void => {
    while (chunk < ends.length) {
      let end = sent;
      while (chunk < ends.length && end - sent < WRITE_BYTES) {
        end = ends[chunk] ?? bytes.length;
        chunk += 1;
      }
      const goesOn = socket.write(bytes.subarray(sent, end));
      sent = end;
      if (!goesOn && chunk < ends.length) {
        socket.once("drain", more);
        return;
      }
    }
    response.end();
  };
  response.once("close", () => socket.off("drain", more));
  socket.cork();
  response.flushHeaders();
  more();
  socket.uncork();
}

/** A write a token, one after the other, each a call of the system's own. */
function writeEach({ response, socket, frames: { bytes, ends } }: Stage): void {
  let token = 0;
  let sent = 0;
  let gone = false;
  response.once("close", () => {
    gone = true;
  });
  const step = (): void => {
    if (gone) return;
    const end = ends[token] ?? bytes.length;
    const goesOn = socket.write(bytes.subarray(sent, end));
    sent = end;
    token += 1;
    if (token >= ends.length) response.end();
    else if (goesOn) setImmediate(step);
    else socket.once("drain", step);
  };
  response.flushHeaders();
  step();
}

/** The wheel turns once a millisecond: at a faster pace several tokens are due at a time, a write each. */
const WHEEL_RATE = 1000;

/** A write a token, each at its own moment; one that is late is not put together with the next. */
function pace({ response, socket, frames: { bytes, ends } }: Stage, wanted: Plan, wheel: Wheel) {
  const plan = wanted.at === 0 ? { ...wanted, at: now() } : wanted;
  let token = 0;
  let sent = 0;
  let gone = false;
  response.once("close", () => {
    gone = true;
  });
  const step = (): number | undefined => {
    if (gone) return undefined;
    if (token === 0) response.flushHeaders();
    do {
      const end = ends[token] ?? bytes.length;
      socket.write(bytes.subarray(sent, end));
      sent = end;
      token += 1;
    } while (token < ends.length && plan.rate > WHEEL_RATE && dueAt(plan, token) <= now());
    if (token < ends.length) return dueAt(plan, token);
    response.end();
    return undefined;
  };
  const first = wanted.at === 0 ? step() : plan.at;
  if (first !== undefined) wheel.add(step, first);
}
