/** One import of a source file. */
export interface Import {
  /** As it is written: `./x.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** `import type` and `export type`: nothing of it is left when the program runs. */
  readonly typeOnly: boolean;
}

/** Block comments, and line comments that do not follow a colon (an address in a string). */
const COMMENTS = /\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gmu;

const STATEMENT =
  /^\s*(?:import|export)\s+(?<type>type\s+)?(?:[\w$*{}\s,]+?\s*from\s*)?["'](?<from>[^"'\n]+)["']/gmu;
const CALL = /\b(?:import|require)\(\s*["'](?<from>[^"'\n]+)["']\s*\)/gu;

export function withoutComments(text: string): string {
  return text.replaceAll(COMMENTS, "");
}

/** Every import, re-export and `import()` with a literal address. */
export function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  const statements = [...code.matchAll(STATEMENT)].map((match) => ({
    specifier: match.groups?.["from"] ?? "",
    typeOnly: match.groups?.["type"] !== undefined,
  }));
  const calls = [...code.matchAll(CALL)].map((match) => ({
    specifier: match.groups?.["from"] ?? "",
    typeOnly: false,
  }));
  return [...statements, ...calls];
}
