import type { LanguageFn } from "highlight.js";

export interface Grammar {
  /** What it is called after a fence besides its own name, in small letters. */
  readonly aliases: readonly string[];
  /** Of languages that may stand inside of this one. */
  readonly inside: readonly string[];
  readonly load: () => Promise<{ readonly default: LanguageFn }>;
}

/** Each a chunk of its own, loaded for the first block of its language. */
export const GRAMMARS: ReadonlyMap<string, Grammar> = new Map(
  Object.entries<Grammar>({
    bash: {
      aliases: ["sh", "zsh"],
      inside: [],
      load: () => import("highlight.js/lib/languages/bash"),
    },
    c: {
      aliases: ["h"],
      inside: [],
      load: () => import("highlight.js/lib/languages/c"),
    },
    cpp: {
      aliases: ["cc", "c++", "h++", "hpp", "hh", "hxx", "cxx"],
      inside: [],
      load: () => import("highlight.js/lib/languages/cpp"),
    },
    csharp: {
      aliases: ["cs", "c#"],
      inside: [],
      load: () => import("highlight.js/lib/languages/csharp"),
    },
    css: {
      aliases: ["less", "scss"],
      inside: [],
      load: () => import("highlight.js/lib/languages/css"),
    },
    diff: {
      aliases: ["patch"],
      inside: [],
      load: () => import("highlight.js/lib/languages/diff"),
    },
    dockerfile: {
      aliases: ["docker"],
      inside: ["bash"],
      load: () => import("highlight.js/lib/languages/dockerfile"),
    },
    go: {
      aliases: ["golang"],
      inside: [],
      load: () => import("highlight.js/lib/languages/go"),
    },
    ini: {
      aliases: ["toml"],
      inside: [],
      load: () => import("highlight.js/lib/languages/ini"),
    },
    java: {
      aliases: ["jsp"],
      inside: [],
      load: () => import("highlight.js/lib/languages/java"),
    },
    javascript: {
      aliases: ["js", "jsx", "mjs", "cjs", "json5", "jsonc"],
      inside: ["css", "xml"],
      load: () => import("highlight.js/lib/languages/javascript"),
    },
    json: {
      aliases: [],
      inside: [],
      load: () => import("highlight.js/lib/languages/json"),
    },
    kotlin: {
      aliases: ["kt", "kts", "ktm", "ktx"],
      inside: [],
      load: () => import("highlight.js/lib/languages/kotlin"),
    },
    lua: {
      aliases: ["pluto"],
      inside: [],
      load: () => import("highlight.js/lib/languages/lua"),
    },
    makefile: {
      aliases: ["mk", "mak", "make"],
      inside: [],
      load: () => import("highlight.js/lib/languages/makefile"),
    },
    markdown: {
      aliases: ["md", "mkdown", "mkd"],
      inside: ["xml"],
      load: () => import("highlight.js/lib/languages/markdown"),
    },
    nginx: {
      aliases: ["nginxconf"],
      inside: [],
      load: () => import("highlight.js/lib/languages/nginx"),
    },
    php: {
      aliases: [],
      inside: [],
      load: () => import("highlight.js/lib/languages/php"),
    },
    powershell: {
      aliases: ["pwsh", "ps", "ps1"],
      inside: [],
      load: () => import("highlight.js/lib/languages/powershell"),
    },
    python: {
      aliases: ["py", "gyp", "ipython"],
      inside: [],
      load: () => import("highlight.js/lib/languages/python"),
    },
    r: {
      aliases: [],
      inside: [],
      load: () => import("highlight.js/lib/languages/r"),
    },
    ruby: {
      aliases: ["rb", "gemspec", "podspec", "thor", "irb"],
      inside: [],
      load: () => import("highlight.js/lib/languages/ruby"),
    },
    rust: {
      aliases: ["rs"],
      inside: [],
      load: () => import("highlight.js/lib/languages/rust"),
    },
    shell: {
      aliases: ["console", "shellsession"],
      inside: ["bash"],
      load: () => import("highlight.js/lib/languages/shell"),
    },
    sql: {
      aliases: [],
      inside: [],
      load: () => import("highlight.js/lib/languages/sql"),
    },
    swift: {
      aliases: [],
      inside: [],
      load: () => import("highlight.js/lib/languages/swift"),
    },
    typescript: {
      aliases: ["ts", "tsx", "mts", "cts"],
      inside: ["css", "xml"],
      load: () => import("highlight.js/lib/languages/typescript"),
    },
    xml: {
      aliases: ["html", "xhtml", "rss", "atom", "xjb", "xsd", "xsl", "plist", "wsf", "svg", "vue"],
      inside: ["css", "javascript"],
      load: () => import("highlight.js/lib/languages/xml"),
    },
    yaml: {
      aliases: ["yml"],
      inside: ["ruby"],
      load: () => import("highlight.js/lib/languages/yaml"),
    },
  }),
);

/** The grammar's own name, by every name of it. */
const NAMES: ReadonlyMap<string, string> = new Map(
  [...GRAMMARS].flatMap(([name, { aliases }]) =>
    [name, ...aliases].map((each) => [each, name] as const),
  ),
);

/** The name of the grammar for what is written after a fence; undefined: there is none here, and none is guessed. */
export function grammarOf(language: string): string | undefined {
  return NAMES.get(language.toLowerCase());
}
