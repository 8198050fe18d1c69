import type { EncodedImage } from "./encode-image.ts";
import { kindOf } from "./file-kind.ts";
import { MOST_TEXT_BYTES, readText } from "./text-look.ts";

/** Bytes of a picture's file; no camera makes larger ones, and decoding them may end the page. */
const MOST_FILE_BYTES = 50_000_000;

/** Why a file is not taken. */
export type Refusal =
  | "empty"
  | "fileTooLarge"
  | "textTooLong"
  | "unreadable"
  | "pdf"
  | "unknownKind"
  | "imageUnknown"
  | "tooMany"
  | "noRoom";

export type TakenFile =
  | { readonly kind: "image"; readonly image: EncodedImage }
  | { readonly kind: "text"; readonly text: string; readonly mediaType: string }
  | { readonly kind: "refused"; readonly why: Refusal };

/** Encodes a picture; undefined where this browser cannot read it. */
export type Encode = (file: Blob, mostBytes: number) => Promise<EncodedImage | undefined>;

/** Looks into a file and makes of it what can be sent: a picture of at most so many bytes in base64, or a text. */
export async function takeFile(file: File, mostBytes: number, encode: Encode): Promise<TakenFile> {
  if (file.size > MOST_FILE_BYTES) return refused("fileTooLarge");
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    // A folder, or a file that is gone or locked since it was chosen.
    return refused("unreadable");
  }
  if (bytes.length === 0) return refused("empty");
  const kind = kindOf(bytes);
  if (kind === "pdf") return refused("pdf");
  const isImage = kind !== "unknown";
  const text = isImage ? undefined : readText(bytes);
  if (text !== undefined) return takeText(file, text);
  // BMP, TIFF, JPEG XL and what else a browser may know.
  if (!isImage && !file.type.startsWith("image/")) return refused("unknownKind");
  const image = await encode(file, mostBytes);
  if (image !== undefined) return { kind: "image", image };
  // Words may begin like a picture: "GIF89a is a format".
  const words = readText(bytes);
  return words === undefined ? refused("imageUnknown") : takeText(file, words);
}

function takeText(file: File, text: string): TakenFile {
  if (new TextEncoder().encode(text).length > MOST_TEXT_BYTES) return refused("textTooLong");
  // Systems give odd types to sources: `.ts` is a video for many.
  const [type = ""] = file.type.split(";");
  return { kind: "text", text, mediaType: /^text\/[\w.+-]+$/u.test(type) ? type : "text/plain" };
}

function refused(why: Refusal): TakenFile {
  return { kind: "refused", why };
}
