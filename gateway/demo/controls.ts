/** What a test may turn on the demo engine while it runs. */

/** What goes wrong with an answer; `busy`, `fail` and `slow-headers` strike before its first byte. */
export type FaultKind =
  | "none"
  /** Says no more, the connection open, for `forMs` (absent: until the client leaves). */
  | "stall"
  /** The connection is torn down inside a record. */
  | "cut-mid-line"
  /** The connection is torn down inside a multi-byte UTF-8 character. */
  | "cut-mid-character"
  /** The runner dies: what that looks like is the surface's own (WIRE: *-runner-killed). */
  | "error-line"
  /** The stream ends cleanly, without the record that says it is done. */
  | "end-without-done"
  /** 503: more requests waiting than the engine takes. */
  | "busy"
  /** 500: the model could not be loaded. */
  | "fail"
  /** Status and headers wait for `forMs` (absent: 3,000). */
  | "slow-headers";

export interface Fault {
  readonly kind: FaultKind;
  /** Tokens that still come before the fault; 5 when absent. A shorter reply is struck at its end. */
  readonly afterTokens?: number;
  /** Milliseconds. */
  readonly forMs?: number;
}

export interface ModelControls {
  /** `Infinity`: as fast as the client reads. */
  tokensPerSecond: number;
  /** Silence between reading the prompt and the first token. */
  delayBeforeFirstTokenMs: number;
  /** Paid by the first request for a model that is not loaded. */
  loadMs: number;
  /** Time to read any prompt; undefined: in proportion to its length. */
  readMs: number | undefined;
  /** Length of the answer, thinking not counted; undefined: as long as the text is. */
  tokens: number | undefined;
  /** Said in place of the model's own text. */
  says: string | undefined;
  fault: Fault;
}

/** Read anew by every request, so a change holds from the next one on. */
export interface DemoControls extends ModelControls {
  /** Requests answered at once (OLLAMA_NUM_PARALLEL); the others wait in the order they came. */
  parallel: number;
  /** By full name (`latchkey-demo:latest`): what is different for one model. */
  models: Record<string, Partial<ModelControls>>;
}

/** A believable small model on a modest machine. */
export function defaultControls(): DemoControls {
  return {
    tokensPerSecond: 40,
    delayBeforeFirstTokenMs: 0,
    loadMs: 800,
    readMs: undefined,
    tokens: undefined,
    says: undefined,
    fault: { kind: "none" },
    parallel: 1,
    models: {},
  };
}

/** The controls that hold for one model now. */
export function controlsFor(controls: DemoControls, model: string): ModelControls {
  return { ...controls, ...controls.models[model] };
}

const READ_BASE_MS = 60;
const READ_MS_PER_TOKEN = 2;

/** Milliseconds that reading (evaluating) a prompt takes. */
export function readingTime(controls: ModelControls, promptTokens: number): number {
  return controls.readMs ?? READ_BASE_MS + READ_MS_PER_TOKEN * promptTokens;
}
