/** What the bench's engine serves besides Ollama's own paths. */
export const ROUTE_OF_FLOOR = "/floor";
/** The stored chat, on the floor. */
export const ROUTE_OF_CHAT = "/floor/chat";
/** `?question=...`: the answer as plain text, at the pace the question names. */
export const ROUTE_OF_STREAM = "/floor/stream";
/** When the newest answer's first and last byte were written: `{"firstAt", "lastAt"}`, of `Date.now()`. */
export const ROUTE_OF_TIMES = "/floor/times";
