/** What the stages of a run share. */
export interface RunContext {
  /** A folder of this run's own: reports, measurements, the process groups it has to end. */
  readonly state: string;
  /** Where the production build goes. */
  readonly build: string;
  /** Aborts when the person ends the run. */
  readonly signal: AbortSignal;
  /** Tells the person what takes a while. */
  say(line: string): void;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface StageResult {
  readonly counts: Counts;
  /** Shown when the stage failed. */
  readonly output: string;
  /** Shown always, a line each. */
  readonly notes?: readonly string[];
}

export interface Stage {
  readonly name: string;
  /** Stages that must have passed, and so are run when this one alone was asked for. */
  readonly needs: readonly string[];
  run(context: RunContext): Promise<StageResult>;
}

/** The counts of a stage that is one check: it holds or it does not. */
export function oneCheck(ok: boolean): Counts {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}
