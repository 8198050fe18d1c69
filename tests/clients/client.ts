/** What the client table asks of each client, and how a client answers. */

export const CAPABILITIES = [
  "chat",
  "stream",
  "tools",
  "thinking",
  "structured",
  "embeddings",
  "abort",
  "wrong key",
  "limit",
  "cut",
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Names of models, by what each is there for. */
export interface Models {
  readonly answer: string;
  readonly think: string;
  readonly tools: string;
  readonly json: string;
  readonly embed: string;
}

/** Where a client is pointed. The address and the key are all that makes it ours. */
export interface Point {
  /** `http://127.0.0.1:PORT`, where the app listens. */
  readonly appUrl: string;
  readonly key: string;
  readonly models: Models;
  /** Takes each piece of text of a stream when it comes. */
  tell(piece: string): void;
  /** Resolves once the engine answers a question of this point's. */
  begun(): Promise<void>;
  /** Resolves once the engine is done with it. @returns whether its connection was closed before the end */
  left(): Promise<boolean>;
}

export interface ToolRound {
  readonly name: string;
  readonly input: unknown;
  /** What the model said once it had the result. */
  readonly text: string;
}

export interface Thought {
  readonly thinking: string;
  readonly text: string;
}

/** What a client hands to the person who uses it. */
export interface Seen {
  readonly chat: string;
  /** It tells the point what came. */
  readonly stream: unknown;
  readonly tools: ToolRound;
  readonly thinking: Thought;
  readonly structured: unknown;
  /** A vector for each of TEXTS. */
  readonly embeddings: readonly (readonly number[])[];
  /** It leaves an answer once some of it has come. */
  readonly abort: unknown;
  /** The status that the client's own kind of error tells; undefined for no such error. */
  readonly "wrong key": number | undefined;
  readonly limit: number | undefined;
  /** Rejects: an answer that broke off is no answer. */
  readonly cut: unknown;
}

export type Probe<Result> = (point: Point) => Promise<Result>;

/** What a client lacks, and, where it can be seen, a look at it. */
export interface Cannot {
  readonly cannot: string;
  readonly shown?: Probe<unknown>;
}

export type Cells = { readonly [Name in Capability]: Probe<Seen[Name]> | Cannot };

export interface Client {
  readonly name: string;
  readonly cells: Cells;
  /** It is a program that is not on this machine. */
  readonly isMissing?: boolean;
  /** What is otherwise behind an Ollama of a year ago. */
  readonly behindOldOllama?: Partial<Cells>;
}

/**
 * Calls, and reads the status off the client's own kind of error.
 *
 * @param statusOf undefined for an error that is none of the client's
 * @throws whatever else went wrong
 */
export function refusal(
  call: Probe<unknown>,
  statusOf: (error: unknown) => number | undefined,
): Probe<number | undefined> {
  return async (point) => {
    try {
      await call(point);
    } catch (error) {
      const status = statusOf(error);
      if (status === undefined) throw error;
      return status;
    }
    return undefined;
  };
}
