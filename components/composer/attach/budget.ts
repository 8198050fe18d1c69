import type { Attachment } from "../../../lib/store/records.ts";

/** Bytes a request may have on its way to the app, whose host refuses more than 4.5 MB. */
export const REQUEST_BYTES = 4_000_000;

/** Images that one message may carry. */
export const MOST_IMAGES = 16;

/** Bytes in base64 below which a picture tells a model little. */
export const LEAST_IMAGE_BYTES = 24_000;

/** Braces, names of fields and a file's own name. */
const ENVELOPE_BYTES = 2_000;
const FILE_ENVELOPE_BYTES = 300;

const encoder = new TextEncoder();

/** Bytes of a text in a JSON body. */
export function bytesOfText(text: string): number {
  return encoder.encode(JSON.stringify(text)).length;
}

/** Bytes of so many bytes in base64. */
export function bytesInBase64(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/** Bytes of an attachment in a request: images and text files travel in base64. */
export function bytesAsSent({ kind, data }: Pick<Attachment, "kind" | "data">): number {
  const bytes = kind === "image" ? data.length : bytesInBase64(encoder.encode(data).length);
  return bytes + FILE_ENVELOPE_BYTES;
}

/** Bytes that are left for attachments beside the conversation so far and the text of this message. */
export function roomBeside(spentBytes: number, text: string): number {
  return REQUEST_BYTES - ENVELOPE_BYTES - spentBytes - bytesOfText(text);
}

/** What must be done so that all attachments go into a room. */
export type Fit =
  | { readonly kind: "fits" }
  /** Each image that is larger is made as small as this; the texts stay. */
  | { readonly kind: "shrink"; readonly imageBytes: number }
  | { readonly kind: "full" };

/** Shares a room of so many bytes between texts, which stay as they are, and images, the largest of which give way. */
export function fitInto(room: number, texts: readonly number[], images: readonly number[]): Fit {
  let left = room - sum(texts);
  if (left < 0) return { kind: "full" };
  if (sum(images) <= left) return { kind: "fits" };
  // The small ones take what they need; what they leave of their share is the others'.
  const ascending = images.toSorted((one, other) => one - other);
  for (const [index, bytes] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (bytes > share) {
      return share < LEAST_IMAGE_BYTES ? { kind: "full" } : { kind: "shrink", imageBytes: share };
    }
    left -= bytes;
  }
  return { kind: "fits" };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
