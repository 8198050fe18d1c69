/** The hub vocabulary: what the decoders of every dialect produce and the encoders take. */
/** How far a request has come, as the page shows it. */
export type Phase = "connecting" | "queued" | "loading" | "reading" | "thinking" | "writing";

/** The `data-status` part: transient, never stored with the message. */
export interface StatusData {
  readonly phase: Phase;
  /** Milliseconds since the request began. */
  readonly at: number;
  readonly position?: number;
  readonly of?: number;
}

/** The `data-notice` part: what was done on the person's behalf. */
export interface NoticeData {
  readonly kind: string;
  readonly message: string;
}

/** Metadata of an assistant's message. What is unknown is absent, never invented. */
export interface ReplyMetadata {
  readonly model?: string;
  readonly requestId?: string;
  /** ISO 8601. */
  readonly createdAt?: string;
  readonly firstTokenMs?: number;
  readonly totalMs?: number;
  readonly loadMs?: number;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly estimated?: true;
  readonly promptTokensPerSecond?: number;
  readonly tokensPerSecond?: number;
  readonly contextLength?: number;
  readonly doneReason?: string;
}

/** A call of a tool, as Ollama's messages carry it; older Ollamas give no id. */
export interface ToolCall {
  readonly id?: string | undefined;
  readonly function: {
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  };
}

/** A message as Ollama's /api/chat takes it. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string;
  readonly thinking?: string | undefined;
  /** Base64, without a data: prefix. */
  readonly images?: readonly string[] | undefined;
  readonly tool_calls?: readonly ToolCall[] | undefined;
  /** Of a tool's result: which tool, and which call of it. */
  readonly tool_name?: string | undefined;
  readonly tool_call_id?: string | undefined;
}

export type Think = boolean | "low" | "medium" | "high" | "max";

/** What to do with a conversation that is longer than the model's context. */
export type ContextPolicy = "refuse" | "trim";

/** A chat as one of our routes was asked for it. */
export interface ChatRequest {
  /** Undefined: the default model. */
  readonly model?: string | undefined;
  readonly messages: readonly ChatMessage[];
  readonly stream: boolean;
  readonly think?: Think | undefined;
  /** `json`, or a JSON schema. */
  readonly format?: "json" | Readonly<Record<string, unknown>> | undefined;
  readonly tools?: readonly unknown[] | undefined;
  /** Seconds. */
  readonly keepAlive?: number | undefined;
  readonly context: ContextPolicy;
  /** Ollama's runner options: allowed ones, within their bounds. */
  readonly options: Readonly<Record<string, unknown>> & {
    readonly num_ctx?: number | undefined;
    readonly num_predict?: number | undefined;
  };
}

/** The end of a reply, as Ollama's last record tells it. Durations are nanoseconds. */
export interface ChatFinish {
  readonly type: "finish";
  readonly doneReason: string;
  readonly totalDuration?: number;
  readonly loadDuration?: number;
  readonly promptTokens?: number;
  readonly promptDuration?: number;
  readonly completionTokens?: number;
  readonly completionDuration?: number;
}

/** What comes out of the model, whatever the wire. */
export type ChatEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly text: string }
  | {
      readonly type: "tool-call";
      /** Undefined: Ollama gave none. */
      readonly id: string | undefined;
      readonly name: string;
      readonly input: unknown;
    }
  | ChatFinish
  /** Ollama said in-band that it failed. The text is for the log only. */
  | { readonly type: "failure"; readonly text: string };
