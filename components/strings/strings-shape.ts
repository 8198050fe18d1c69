import type { Phase } from "../../lib/chat.ts";
import type { Link } from "../../lib/error-table.ts";
import type { StoreTrouble } from "../../lib/store/store.ts";
import type { Refusal } from "../composer/attach/take-file.ts";

/** The words of the pages around the chat, and of what every page has. */
export interface DoorPageStrings {
  readonly language: string;
  readonly name: string;
  readonly tagline: string;
  readonly signIn: string;
  readonly retry: string;
  readonly requestId: (id: string) => string;
  readonly signInTitle: string;
  readonly signInText: string;
  readonly accessKey: string;
  readonly signingIn: string;
  readonly signInHelp: string;
  readonly notFoundTitle: string;
  readonly notFoundText: string;
  readonly toChat: string;
  readonly brokenTitle: string;
  readonly brokenText: string;
}

/** Every word the page says. Another language is another object of this shape. */
export interface Strings extends DoorPageStrings {
  readonly skip: string;
  readonly newChat: string;
  readonly signOut: string;
  readonly signingOut: {
    readonly kept: (chats: number) => string;
    readonly keep: string;
    readonly delete: string;
    readonly cancel: string;
    readonly troubles: Readonly<Record<"chats" | "session", string>>;
  };
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
  readonly tokensPerSecond: (rate: string) => string;
  readonly firstToken: (duration: string) => string;
  readonly tokens: (count: string) => string;
  readonly cutAtLength: string;
  readonly image: string;
  readonly footnote: (label: string) => string;
  readonly taskDone: string;
  readonly taskOpen: string;
  readonly table: string;
  readonly problems: Readonly<
    Record<
      "offline" | "appUnreachable" | "appFailed" | "sessionEnded" | "interrupted",
      { readonly message: string; readonly fix: string }
    >
  >;
  readonly conversationRoom: {
    readonly edit: string;
    readonly editLabel: string;
    readonly saveEdit: string;
    readonly cancelEdit: string;
    readonly continue: string;
    readonly broke: string;
    readonly previousVersion: string;
    readonly nextVersion: string;
    readonly versionOf: (place: number, of: number) => string;
    readonly finding: string;
    readonly missingTitle: string;
    readonly missingText: string;
    readonly temporaryTitle: string;
    readonly temporaryText: string;
    readonly documentTitle: (title: string) => string;
  };
  readonly status: {
    readonly seconds: (count: number) => string;
    readonly left: (duration: string) => string;
    readonly overdue: string;
    readonly thenLoading: (duration: string) => string;
    readonly notLoaded: string;
    readonly stopAsked: string;
    readonly released: (milliseconds: string) => string;
    readonly neverAsked: string;
    readonly releaseUnknown: string;
    readonly context: string;
    readonly contextOf: (used: string, length: string, percent: number) => string;
    readonly estimate: (text: string) => string;
    readonly contextWarnings: Readonly<
      Record<"near" | "full" | "over", Readonly<Record<"refuse" | "trim", string>>>
    >;
    readonly linkStates: Readonly<Record<"whole" | "broken" | "unknown", string>>;
    readonly retryIn: (duration: string) => string;
    readonly retryNow: string;
    readonly copyRequestId: string;
    readonly details: string;
    readonly facts: Readonly<
      Record<
        | "model"
        | "prompt"
        | "answer"
        | "promptSpeed"
        | "answerSpeed"
        | "load"
        | "firstWord"
        | "total"
        | "context",
        string
      >
    >;
  };
  readonly models: {
    readonly search: string;
    readonly list: string;
    readonly count: (count: number) => string;
    readonly noMatch: string;
    readonly notLoaded: string;
    readonly doing: Readonly<Record<"loading" | "unloading", string>>;
    readonly unloadsNow: string;
    readonly unloadsSoon: string;
    readonly unloadsInMinutes: (minutes: number) => string;
    readonly unloadsInHours: (hours: number) => string;
    readonly staysLoaded: string;
    readonly parameters: (count: string) => string;
    readonly context: (tokens: string) => string;
    readonly abilities: Readonly<Record<"thinking" | "tools" | "vision", string>>;
    readonly actions: Readonly<Record<"load" | "unload", string>>;
    readonly actionOn: (action: string, model: string) => string;
    readonly mayBeOld: string;
    readonly gone: (model: string) => string;
    readonly pullTitle: string;
    readonly pullText: string;
    readonly notShown: string;
    readonly settings: {
      readonly open: string;
      readonly openChanged: string;
      readonly title: string;
      readonly scope: string;
      readonly scopeOf: (model: string) => string;
      readonly close: string;
      readonly done: string;
      readonly reset: string;
      readonly resetOne: (name: string) => string;
      readonly resetAll: string;
      readonly lengths: string;
      readonly chances: string;
      readonly unset: string;
      readonly usual: (value: number) => string;
      readonly wants: Readonly<Record<"number" | "whole", string>>;
      readonly range: (low: number, high: number) => string;
      readonly stays: (value: number | undefined) => string;
      readonly fields: Readonly<
        Record<
          | "system"
          | "num_ctx"
          | "num_predict"
          | "temperature"
          | "top_p"
          | "top_k"
          | "min_p"
          | "repeat_penalty"
          | "seed"
          | "stop",
          { readonly label: string; readonly hint: string; readonly unset?: string }
        >
      >;
      readonly think: {
        readonly label: string;
        readonly hint: string;
        readonly efforts: string;
        readonly choices: Readonly<
          Record<"default" | "false" | "true" | "low" | "medium" | "high" | "max", string>
        >;
      };
      readonly long: Readonly<Record<"label" | "hint" | "refuse" | "trim", string>>;
      readonly stopAdd: string;
      readonly stopRemove: (text: string) => string;
      readonly stopMany: (most: number) => string;
      readonly stopLong: (longest: number) => string;
    };
  };
  readonly answers: {
    readonly wrap: string;
  };
  readonly composer: {
    readonly attach: string;
    readonly dropHere: string;
    readonly files: string;
    readonly preparing: string;
    readonly attached: (names: string) => string;
    readonly sendsWhenReady: string;
    readonly remove: (name: string) => string;
    readonly total: (size: string, most: string) => string;
    readonly dismiss: string;
    readonly enlarge: (name: string) => string;
    readonly close: string;
    readonly cannotSee: { readonly message: string; readonly fix: string };
    readonly tooMuch: { readonly message: string; readonly fix: string };
    readonly notLoaded: { readonly message: string; readonly fix: string };
    readonly refusals: Readonly<
      Record<Refusal, { readonly message: (name: string) => string; readonly fix: string }>
    >;
  };
  readonly sidebar: {
    /** The list, and the button that shows it. */
    readonly title: string;
    readonly close: string;
    readonly search: string;
    readonly clear: string;
    /** `more`: there are more than were looked through. */
    readonly found: (count: number, more: boolean) => string;
    readonly temporary: string;
    readonly temporaryHint: string;
    readonly empty: string;
    readonly untitled: string;
    readonly answering: string;
    readonly groups: Readonly<Record<"pinned" | "today" | "yesterday" | "week" | "month", string>>;
    readonly more: (title: string) => string;
    readonly rename: string;
    readonly titleField: string;
    readonly pin: string;
    readonly unpin: string;
    readonly copy: string;
    readonly delete: string;
    readonly deleted: string;
    readonly undo: string;
    readonly troubles: Readonly<Record<StoreTrouble, string>>;
    readonly reload: string;
    readonly attached: (names: string) => string;
  };
}
