import { lazy, memo, Suspense, type ReactNode } from "react";
import { loadAnswer } from "./late.ts";
import { textOf, type Entry, type Part } from "./chat-state.ts";
import { CopyButton } from "./copy-button.tsx";
import { Facts } from "./facts.tsx";
import { AgainIcon } from "./icons.tsx";
import { ProblemView } from "./problem-view.tsx";
import { strings } from "./strings.ts";
import { Thinking } from "./thinking.tsx";

const Answer = lazy(loadAnswer);

interface MessageProps {
  readonly entry: Entry;
  /** Only the last answer can be asked for again, and only its failure is an alert. */
  readonly last: boolean;
  readonly onRegenerate: () => void;
}

/** One message. Renders again only when it changes. */
export const Message = memo(function Message({
  entry,
  last,
  onRegenerate,
}: MessageProps): ReactNode {
  const { role, state } = entry;
  return (
    <article
      className="message"
      data-role={role}
      data-state={state}
      aria-label={role === "user" ? strings.you : strings.answer}
    >
      {role === "user" ? (
        <div className="bubble">{textOf(entry)}</div>
      ) : (
        <Reply entry={entry} last={last} onRegenerate={onRegenerate} />
      )}
    </article>
  );
});

function Reply({ entry, last, onRegenerate }: MessageProps): ReactNode {
  const { parts, state, problem, metadata } = entry;
  const text = textOf(entry);
  return (
    <>
      {state === "waiting" ? <div className="waiting" aria-hidden="true" /> : null}
      {parts.map((part) => (
        <PartView key={part.id} part={part} entry={entry} newest={part === parts.at(-1)} />
      ))}
      {state === "stopped" ? <p className="note">{strings.stopped}</p> : null}
      {metadata?.doneReason === "length" ? <p className="note">{strings.cutAtLength}</p> : null}
      {problem === undefined ? null : last ? (
        <ProblemView problem={problem} onRetry={onRegenerate} />
      ) : (
        <p className="note">{strings.failedBefore}</p>
      )}
      {isOver(entry) ? (
        <footer>
          {text === "" ? null : <CopyButton text={text} label={strings.copy} />}
          {last && problem === undefined ? <RegenerateButton onClick={onRegenerate} /> : null}
          {metadata === undefined ? null : <Facts metadata={metadata} />}
        </footer>
      ) : null}
    </>
  );
}

function isOver({ state }: Entry): boolean {
  return state !== "waiting" && state !== "streaming";
}

function RegenerateButton({ onClick }: { readonly onClick: () => void }): ReactNode {
  return (
    <button
      type="button"
      className="quiet icon"
      aria-label={strings.regenerate}
      title={strings.regenerate}
      onClick={onClick}
    >
      <AgainIcon />
    </button>
  );
}

interface PartViewProps {
  readonly part: Part;
  readonly entry: Entry;
  readonly newest: boolean;
}

function PartView({ part, entry, newest }: PartViewProps): ReactNode {
  if (part.type === "notice") return <p className="note">{part.notice.message}</p>;
  if (part.type === "thinking") {
    const live = newest && entry.state === "streaming";
    const duration = live ? undefined : entry.thinkingMs;
    return <Thinking text={part.text} live={live} duration={duration} />;
  }
  return (
    // The plain text until the view is there: nothing that came is held back.
    <Suspense fallback={<div className="answer plain">{part.text}</div>}>
      <Answer text={part.text} complete={!newest || isOver(entry)} />
    </Suspense>
  );
}
