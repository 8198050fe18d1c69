/** An answer on the wire, written by the app's own encoder. */
import { ERROR_TABLE, type ErrorCode } from "../../../lib/error-table.ts";
import { RelayError } from "../../../lib/errors.ts";
import { UiMessageStreamEncoder } from "../../../lib/wire/ui-message-stream.ts";

export const THOUGHT = "A door has two sides. ";
export const TEXT = "**문 열쇠**는 서버만 압니다. 🔑 So `door` is shut.";

const pieces = (text: string): string[] => text.match(/[\s\S]{1,7}/gu) ?? [];

/** All of it, and its parts up to the end but without one. */
export function encodeAnswer(): { readonly whole: string; readonly endless: string } {
  const encoder = new UiMessageStreamEncoder();
  const start =
    encoder.start({ model: "small", requestId: "r1" }) +
    encoder.status({ phase: "connecting", at: 1 });
  const thought = pieces(THOUGHT).map((text) => encoder.events([{ type: "thinking", text }], 20));
  const answer = pieces(TEXT).map((text) => encoder.events([{ type: "text", text }], 40));
  const endless = [start, ...thought, ...answer].join("");
  return { endless, whole: endless + encoder.finish({ tokensPerSecond: 40, completionTokens: 9 }) };
}

/** An answer that fails after its first words. */
export function encodeFailure(code: ErrorCode): string {
  const encoder = new UiMessageStreamEncoder();
  const problem = new RelayError(code).toObject("r1");
  return (
    encoder.start({ model: "small" }) +
    encoder.events([{ type: "text", text: "Half an an" }], 10) +
    encoder.fail(problem, { totalMs: 30 })
  );
}

/** What the app answers in place of a stream. */
export function refuse(code: ErrorCode): Response {
  const error = new RelayError(code).toObject("r1");
  return Response.json({ error }, { status: ERROR_TABLE[code].status });
}

/** A streamed answer of these bytes; `cut` breaks the connection after them. */
export function respondWith(bytes: Uint8Array, cut = false): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      if (!cut) controller.close();
    },
    // As on a network, what came is read before it is known that nothing more will.
    async pull(controller) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      controller.error(new TypeError("network error"));
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
