const TEXT = `# A door that is locked

Your **own GPU** answers here. A key is checked at the door, and the chat calls out from the browser:
"no key, no token". It keeps a \`route.ts\` of few lines, a table | of | roles |, and 12 % of the memory.
한국어로도 **대답**합니다. Émile asks: is α² + β² = γ²? Yes 🔑🚪.

1. First it reads what was said, then it writes; each word is a record of its own.
2. What is not said is not charged.

`;

/** Pieces of about four characters, as a tokenizer makes them; none is cut inside a character. */
const TOKENS = TEXT.match(/[\s\S]{1,4}/gu) ?? [];

/** The text of one token of every reply, counted from 0; after the last piece it begins anew. */
export function tokenText(index: number): string {
  return TOKENS[index % TOKENS.length] ?? "";
}
