/** Bytes; about 250,000 tokens, more than most models at home hold. */
export const MOST_TEXT_BYTES = 1_000_000;

const UTF_16: readonly { readonly mark: readonly [number, number]; readonly label: string }[] = [
  { mark: [0xff, 0xfe], label: "utf-16le" },
  { mark: [0xfe, 0xff], label: "utf-16be" },
];

/** The text of a file, or undefined if its bytes are none: UTF-8, or UTF-16 with its mark, and no NUL. */
export function readText(bytes: Uint8Array): string | undefined {
  const label = UTF_16.find(({ mark }) => bytes[0] === mark[0] && bytes[1] === mark[1])?.label;
  try {
    const text = new TextDecoder(label ?? "utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
