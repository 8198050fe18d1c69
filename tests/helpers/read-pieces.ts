/** One network read of an answer's body: its text, and `Date.now()` when it came. */
export interface Piece {
  readonly at: number;
  readonly text: string;
}

/** Reads a body to its end and keeps the pieces apart, to tell a stream from one lump. */
export async function readPieces(response: Response): Promise<Piece[]> {
  const decoder = new TextDecoder();
  const pieces: Piece[] = [];
  for await (const bytes of response.body ?? []) {
    pieces.push({ at: Date.now(), text: decoder.decode(bytes, { stream: true }) });
  }
  return pieces;
}
