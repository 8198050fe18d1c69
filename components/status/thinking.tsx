import { useState, type ReactNode } from "react";
import { formatDuration } from "../common/format.ts";
import { strings } from "../strings/strings.ts";
import { newestWords, piecesOf } from "./thought.ts";

interface ThinkingProps {
  readonly text: string;
  /** It still goes on. */
  readonly live: boolean;
  /** Milliseconds; undefined while it goes on, and where it was not measured. */
  readonly duration: number | undefined;
}

/** What the model thought, folded; while it thinks, the summary shows the newest words. */
export function Thinking({ text, live, duration }: ThinkingProps): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="status-thinking"
      data-live={live ? "" : undefined}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span className="label">{label(live, duration)}</span>
        {live && !open ? (
          <span className="hint" aria-hidden="true">
            <bdi>{newestWords(text)}</bdi>
          </span>
        ) : null}
      </summary>
      {/* A long thought costs nothing as long as nobody looks at it. */}
      {open ? <Thought text={text} /> : null}
    </details>
  );
}

function Thought({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="thought" dir="auto">
      {piecesOf(text.trim()).map((piece, number) => (
        // A piece that is complete never changes, and none ever changes its place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={number}>{piece}</div>
      ))}
    </div>
  );
}

function label(live: boolean, duration: number | undefined): string {
  if (live) return strings.thinking;
  return duration === undefined ? strings.thought : strings.thoughtFor(formatDuration(duration));
}
