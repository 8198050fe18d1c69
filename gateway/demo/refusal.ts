/** Where in Ollama a request was refused; it decides the headers of the refusal. */
export type Stage =
  /** While the body was bound to the surface's own types. */
  | "binding"
  /** In the handler that all surfaces share. */
  | "handler"
  /** By the runner, when the answer had begun to be streamed: no Content-Length any more. */
  | "runner";

/** A request that gets an error status in place of an answer. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly stage: Stage;

  constructor(status: number, message: string, stage: Stage = "handler") {
    super(message);
    this.status = status;
    this.stage = stage;
  }
}

/** Ollama's words for a runner that died while it answered. */
export const RUNNER_DIED = "an error was encountered while running the model: unexpected EOF";
