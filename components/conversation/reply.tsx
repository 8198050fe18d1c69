import { lazy, Suspense, type ReactNode } from "react";
import type { Message, Part } from "../../lib/store/records.ts";
import { isOver, textOf } from "../chats/chat-state.ts";
import { CopyButton } from "../common/copy-button.tsx";
import { AgainIcon, GoOnIcon } from "../common/icons.tsx";
import { loadAnswer } from "../late.ts";
import { PlainInstead } from "../markdown/plain-instead.tsx";
import { Facts } from "../status/facts.tsx";
import { Notice } from "../status/notice.tsx";
import { ProblemView } from "../status/problem-view.tsx";
import { ReleaseNote } from "../status/release-note.tsx";
import { Thinking } from "../status/thinking.tsx";
import { strings } from "../strings/strings.ts";
import type { MessageViewProps } from "./message.tsx";

const Answer = lazy(loadAnswer);

interface ReplyProps extends MessageViewProps {
  /** Its words alone. */
  readonly plain: boolean;
  /** The way to its other versions. */
  readonly children: ReactNode;
}

/** An answer: what was thought and said, how it ended, and what can be done with it. */
export function Reply(props: ReplyProps): ReactNode {
  const { message, last, actions, plain, children } = props;
  const { parts, state, problem, metadata } = message;
  if (plain) return <div className="answer plain">{textOf(message)}</div>;
  const retry = () => actions.regenerate(message);
  return (
    <>
      {state === "waiting" ? <div className="waiting" aria-hidden="true" /> : null}
      {parts.map((part) => (
        <PartView key={part.id} part={part} message={message} newest={part === parts.at(-1)} />
      ))}
      {state === "stopped" ? <StoppedNote message={message} /> : null}
      {state === "interrupted" && problem === undefined ? (
        <p className="note">{strings.conversationRoom.broke}</p>
      ) : null}
      {metadata?.doneReason === "length" ? <p className="note">{strings.cutAtLength}</p> : null}
      {problem === undefined ? null : last ? (
        <ProblemView problem={problem} onRetry={retry} />
      ) : (
        <p className="note">{strings.failedBefore}</p>
      )}
      {isOver(message) ? <Tools {...props}>{children}</Tools> : null}
    </>
  );
}

function Tools({ message, last, busy, actions, children }: ReplyProps): ReactNode {
  const { problem, metadata } = message;
  const text = textOf(message);
  return (
    <footer>
      {children}
      {text === "" ? null : <CopyButton text={text} label={strings.copy} />}
      {/* A problem has its own way to ask again. */}
      {busy || (last && problem?.retryable === true) ? null : (
        <button
          type="button"
          className="quiet icon"
          aria-label={strings.regenerate}
          title={strings.regenerate}
          onClick={() => actions.regenerate(message)}
        >
          <AgainIcon />
        </button>
      )}
      {busy || !last || !canGoOn(message) ? null : (
        <button type="button" className="quiet" onClick={() => actions.continue(message)}>
          <GoOnIcon />
          {strings.conversationRoom.continue}
        </button>
      )}
      {metadata === undefined ? null : <Facts metadata={metadata} />}
    </footer>
  );
}

/** An answer that did not come to its end, and has words to go on from. */
function canGoOn({ state, parts, metadata }: Message): boolean {
  if (parts.every(({ type }) => type === "notice")) return false;
  return state !== "done" || metadata?.doneReason === "length";
}

function StoppedNote({ message: { release } }: { readonly message: Message }): ReactNode {
  return (
    <p className="note">
      {strings.stopped} {release === undefined ? null : <ReleaseNote release={release} />}
    </p>
  );
}

interface PartViewProps {
  readonly part: Part;
  readonly message: Message;
  readonly newest: boolean;
}

function PartView({ part, message, newest }: PartViewProps): ReactNode {
  if (part.type === "notice") return <Notice notice={part.notice} />;
  if (part.type === "thinking") {
    const live = newest && message.state === "streaming";
    const duration = live ? undefined : message.thinkingMs;
    return <Thinking text={part.text} live={live} duration={duration} />;
  }
  return (
    // The plain text until the view is there: nothing that came is held back.
    <PlainInstead text={part.text}>
      <Suspense fallback={<div className="answer plain">{part.text}</div>}>
        <Answer text={part.text} complete={!newest || isOver(message)} />
      </Suspense>
    </PlainInstead>
  );
}
