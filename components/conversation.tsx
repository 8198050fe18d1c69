import { useEffect, useRef, type ReactNode } from "react";
import type { Entry } from "./chat-state.ts";
import { followEnd, type Following } from "./follow-end.ts";
import { DownIcon } from "./icons.tsx";
import { Message } from "./message.tsx";
import { strings } from "./strings.ts";

interface ConversationProps {
  readonly entries: readonly Entry[];
  readonly onRegenerate: () => void;
  /** Shown while nothing was said. */
  readonly children: ReactNode;
}

/** The messages, in a scroll container of their own that follows an answer as it grows. */
export function Conversation({ entries, onRegenerate, children }: ConversationProps): ReactNode {
  const container = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef<Following>(undefined);
  useEffect(() => {
    if (container.current === null || content.current === null) return undefined;
    const follow = followEnd(container.current, content.current);
    following.current = follow;
    return () => follow.stop();
  }, []);
  const lastQuestion = entries.findLast(({ role }) => role === "user")?.id;
  useEffect(() => {
    if (lastQuestion === undefined) following.current?.toStart();
    else following.current?.toEnd();
  }, [lastQuestion]);

  return (
    <div className="conversation">
      <div
        ref={container}
        className="scroller"
        role="log"
        aria-live="off"
        aria-label={strings.conversation}
        tabIndex={0}
      >
        <div ref={content} className="column">
          {entries.length === 0 ? children : null}
          {entries.map((entry, index) => (
            <Message
              key={entry.id}
              entry={entry}
              last={index === entries.length - 1}
              onRegenerate={onRegenerate}
            />
          ))}
        </div>
      </div>
      <button
        type="button"
        className="round to-end"
        aria-label={strings.toNewest}
        title={strings.toNewest}
        onClick={() => following.current?.toEnd()}
      >
        <DownIcon />
      </button>
    </div>
  );
}
