export type FileKind = "png" | "image" | "pdf" | "unknown";

/** First bytes, one character each; `.` stands for any byte. */
const SIGNATURES: readonly (readonly [FileKind, RegExp])[] = [
  ["png", /^\x89PNG\r\n.\n/],
  ["image", /^\xff\xd8\xff/],
  ["image", /^GIF8[79]a/],
  ["image", /^RIFF....WEBP/s],
  // The ISO base media file format, as far as it holds pictures: HEIC and AVIF.
  ["image", /^....ftyp(?:hei[cxms]|hevc|mif1|msf1|avi[fs])/s],
  ["pdf", /^%PDF-/],
];
const SIGNATURE_BYTES = 16;

/** What a file is by its first bytes; its name and the type that the system gave it may lie. */
export function kindOf(bytes: Uint8Array): FileKind {
  const head = String.fromCharCode(...bytes.subarray(0, SIGNATURE_BYTES));
  return SIGNATURES.find(([, signature]) => signature.test(head))?.[0] ?? "unknown";
}
