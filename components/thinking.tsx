import type { ReactNode } from "react";
import { formatDuration } from "./format.ts";
import { strings } from "./strings.ts";

interface ThinkingProps {
  readonly text: string;
  /** It still goes on. */
  readonly live: boolean;
  /** Milliseconds; undefined while it goes on, and where it was not measured. */
  readonly duration: number | undefined;
}

const HINT_CHARACTERS = 90;

/** What the model thought, folded; while it thinks, the summary shows the newest words. */
export function Thinking({ text, live, duration }: ThinkingProps): ReactNode {
  return (
    <details className="thinking" data-live={live ? "" : undefined}>
      <summary>
        <span className="label">{label(live, duration)}</span>
        {live ? (
          <span className="hint" aria-hidden="true">
            <bdi>{newestWords(text)}</bdi>
          </span>
        ) : null}
      </summary>
      <div className="thought">{text.trim()}</div>
    </details>
  );
}

function label(live: boolean, duration: number | undefined): string {
  if (live) return strings.thinking;
  return duration === undefined ? strings.thought : strings.thoughtFor(formatDuration(duration));
}

/** The end of the text on one line; half a word at its beginning is left out. */
function newestWords(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  if (line.length <= HINT_CHARACTERS) return line;
  const end = line.slice(-HINT_CHARACTERS);
  return `… ${end.slice(end.indexOf(" ") + 1)}`;
}
