/** A token is about four bytes; Ollama's own tokenizers differ by model anyway. */
const BYTES_PER_TOKEN = 4;
/** What a template adds to each message. */
const TOKENS_PER_TURN = 4;

/** The pieces a text is said in: up to six characters, cut between code points, nothing lost. */
export function tokenize(text: string): string[] {
  return text.match(/\s?[^\s]{1,5}|\s+/gu) ?? [];
}

/** How many tokens a text is when it is read. */
function countTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** How many tokens a message is when it is read, its role and marks included. */
export function countTurn(content: string): number {
  return countTokens(content) + TOKENS_PER_TURN;
}

/** The numbers in /api/generate's `context`, one a token; only their count means anything here. */
export function tokenNumbers(text: string): number[] {
  return tokenize(text).map((token) => {
    let number = 0;
    for (const character of token)
      number = (number * 31 + (character.codePointAt(0) ?? 0)) % 32_000;
    return number;
  });
}
