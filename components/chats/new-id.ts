const BYTES = 12;

/** An id no other message has. `crypto.randomUUID` is missing on a phone that came by plain HTTP. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
