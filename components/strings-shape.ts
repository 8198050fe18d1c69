import type { Phase } from "../lib/chat.ts";
import type { Link } from "../lib/error-table.ts";

/** Every word the page says. Another language is another object of this shape. */
export interface Strings {
  readonly language: string;
  readonly name: string;
  readonly tagline: string;
  readonly skip: string;
  readonly newChat: string;
  readonly signOut: string;
  readonly signIn: string;
  readonly conversation: string;
  readonly you: string;
  readonly answer: string;
  readonly toNewest: string;
  readonly message: string;
  readonly messagePlaceholder: string;
  readonly composerHint: string;
  readonly send: string;
  readonly stop: string;
  readonly regenerate: string;
  readonly copy: string;
  readonly copied: string;
  readonly copyCode: string;
  readonly code: string;
  readonly retry: string;
  readonly model: string;
  readonly modelsLoading: string;
  readonly modelsMissing: string;
  readonly modelsNone: string;
  readonly modelLoaded: string;
  readonly emptyTitle: string;
  readonly emptyText: string;
  readonly suggestionsLabel: string;
  readonly suggestions: readonly { readonly title: string; readonly ask: string }[];
  readonly thinking: string;
  readonly thought: string;
  readonly thoughtFor: (duration: string) => string;
  readonly phases: Readonly<Record<Phase, string>>;
  readonly queuedAt: (position: number, of: number | undefined) => string;
  readonly announceWaiting: string;
  readonly announceStart: string;
  readonly ends: Readonly<Record<"done" | "stopped" | "interrupted" | "failed", string>>;
  readonly stopped: string;
  readonly failedBefore: string;
  readonly links: Readonly<Record<Link, string>>;
  readonly chainLabel: (broken: string) => string;
  readonly retryAfter: (seconds: number) => string;
  readonly requestId: (id: string) => string;
  readonly tokensPerSecond: (rate: string) => string;
  readonly firstToken: (duration: string) => string;
  readonly tokens: (count: string) => string;
  readonly cutAtLength: string;
  readonly image: string;
  readonly footnote: (label: string) => string;
  readonly taskDone: string;
  readonly taskOpen: string;
  readonly table: string;
  readonly signInTitle: string;
  readonly signInText: string;
  readonly accessKey: string;
  readonly signingIn: string;
  readonly signInHelp: string;
  readonly problems: Readonly<
    Record<
      "offline" | "appUnreachable" | "appFailed" | "sessionEnded" | "interrupted",
      { readonly message: string; readonly fix: string }
    >
  >;
  readonly notFoundTitle: string;
  readonly notFoundText: string;
  readonly toChat: string;
  readonly brokenTitle: string;
  readonly brokenText: string;
}
