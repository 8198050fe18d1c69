import { styleText } from "node:util";

/** Where progress is written: process.stdout, or something like it. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** One step under way. */
export interface Step {
  /** What is going on now; the last thing said stands behind the finished step. */
  say(detail: string): void;
}

export interface Progress {
  /**
   * Shows a step while the work is done: a tick and its time when it is done, a cross when it threw.
   * Steps follow each other.
   */
  step<Result>(title: string, work: (step: Step) => Promise<Result>): Promise<Result>;
  /** Writes lines of their own, between steps or while one goes on. */
  write(text: string): void;
  /** Takes the step's line away while somebody else writes or a person is asked. */
  pause<Result>(work: () => Promise<Result>): Promise<Result>;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;
/** Without a terminal a step says that it has begun only when it takes long. */
const SLOW_MS = 5_000;
const CLEAR_LINE = "\r\u001B[K";

const tone = (format: "green" | "red" | "dim", text: string, isStyled: boolean): string =>
  isStyled ? styleText(format, text, { validateStream: false }) : text;

function took(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

interface Current {
  readonly title: string;
  readonly startedAt: number;
  detail: string;
}

const lineOf = ({ title, detail }: Current): string =>
  detail === "" ? title : `${title}: ${detail}`;

export interface ProgressOptions {
  /** Whether with colours. */
  readonly isStyled: boolean;
  /** Aborted when the person has had enough: a step that throws then has not failed. */
  readonly signal: AbortSignal;
}

/**
 * Shows steps as a list: animated on a terminal, plain finished lines elsewhere.
 *
 * @param output where to
 */
export function createProgress(output: Output, options: ProgressOptions): Progress {
  const { isStyled, signal } = options;
  const isLive = output.isTTY === true;
  let current: Current | undefined;
  let frame = 0;
  let paused = false;

  const draw = (): void => {
    if (!isLive || paused || current === undefined) return;
    const time = took(performance.now() - current.startedAt);
    const room = (output.columns ?? 80) - time.length - 4;
    const text = lineOf(current);
    const cut = text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text;
    const spinner = FRAMES[frame % FRAMES.length] ?? "";
    frame += 1;
    output.write(`${CLEAR_LINE}${spinner} ${cut} ${tone("dim", time, isStyled)}`);
  };
  const clear = (): void => {
    if (isLive && current !== undefined) output.write(CLEAR_LINE);
  };
  const write = (text: string): void => {
    clear();
    output.write(`${text}\n`);
    draw();
  };
  const finish = (step: Current, ok: boolean): void => {
    clear();
    current = undefined;
    const bad = signal.aborted ? "–" : tone("red", "✗", isStyled);
    const sign = ok ? tone("green", "✓", isStyled) : bad;
    const time = tone("dim", `(${took(performance.now() - step.startedAt)})`, isStyled);
    output.write(`${sign} ${lineOf(step)} ${time}\n`);
  };
  const remind = (step: Current): void => {
    if (!isLive && !paused) output.write(`  ${lineOf(step)} ...\n`);
  };

  return {
    write,
    step: async (title, work) => {
      const step: Current = { title, startedAt: performance.now(), detail: "" };
      current = step;
      draw();
      const drawing = setInterval(draw, FRAME_MS);
      const reminding = setTimeout(remind, SLOW_MS, step);
      let ok = false;
      try {
        const result = await work({
          say: (detail) => {
            step.detail = detail;
          },
        });
        ok = true;
        return result;
      } finally {
        clearInterval(drawing);
        clearTimeout(reminding);
        finish(step, ok);
      }
    },
    pause: async (work) => {
      clear();
      paused = true;
      try {
        return await work();
      } finally {
        paused = false;
        draw();
      }
    },
  };
}
