import { randomInt } from "node:crypto";
import type { Encoder } from "./encoder.ts";
import { NAMED_SSE_HEADERS } from "./encoder.ts";
import type { Fields } from "./json.ts";
import { ItemEvents } from "./responses-events.ts";
import type { ResponseIds } from "./responses-items.ts";
import { outputOf } from "./responses-items.ts";
import { responseObject } from "./responses-object.ts";
import { OPENAI } from "./surface.ts";

/** @param request the body that was sent: the answer repeats much of it */
export function responsesEncoder(request: Fields): Encoder {
  const name = (kind: string) => `${kind}_${randomInt(999_999)}`;
  const ids: ResponseIds = {
    response: name("resp"),
    message: name("msg"),
    reasoning: name("rs"),
    call: name("fc"),
  };
  const object = responseObject(ids.response, request);
  const events = new ItemEvents(ids);
  let begun = false;
  const begin = () => {
    if (begun) return "";
    begun = true;
    const response = object({ status: "in_progress", output: [] });
    return events.event("created", { response }) + events.event("in_progress", { response });
  };
  return {
    surface: OPENAI,
    streamHeaders: NAMED_SSE_HEADERS,
    piece: (piece) => begin() + events.add(piece),
    finish(reply) {
      const before = begin() + events.close();
      const response = object({ status: "completed", output: events.items, reply });
      return before + events.event("completed", { response });
    },
    // Nothing in this dialect tells that the runner died: the stream simply ends.
    failure: () => "",
    whole: (reply) => object({ status: "completed", output: outputOf(reply, ids), reply }),
  };
}
