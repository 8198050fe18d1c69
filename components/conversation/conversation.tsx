import { useEffect, useMemo, useRef, type ReactNode } from "react";
import type { Message } from "../../lib/store/records.ts";
import { DownIcon } from "../common/icons.tsx";
import { strings } from "../strings/strings.ts";
import type { MessageActions } from "./actions.ts";
import { followEnd, type Following } from "./follow-end.ts";
import { MessageView } from "./message.tsx";
import { useNearView, type Nearness } from "./near-view.ts";

/** The newest of a chat are shown in full at once. */
const SHOWN_AT_ONCE = 6;

interface ConversationProps {
  /** All branches. */
  readonly messages: readonly Message[];
  readonly branch: readonly Message[];
  readonly busy: boolean;
  readonly actions: MessageActions;
  /** Shown while nothing was said. */
  readonly children: ReactNode;
}

/** The messages, in a scroll container of their own that follows an answer as it grows. */
export function Conversation(props: ConversationProps): ReactNode {
  const { messages, branch, busy, actions, children } = props;
  const container = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef<Following>(undefined);
  const { nearness, watch } = useNearView(container);
  const versions = useVersions(messages);
  useEffect(() => {
    if (container.current === null || content.current === null) return undefined;
    const follow = followEnd(container.current, content.current);
    following.current = follow;
    return () => follow.stop();
  }, []);
  const lastQuestion = branch.findLast(({ role }) => role === "user")?.id;
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
          {branch.length === 0 ? children : null}
          {branch.map((message, index) => (
            <MessageView
              key={message.id}
              message={message}
              versions={versions(message)}
              last={index === branch.length - 1}
              busy={busy}
              actions={actions}
              far={
                index < branch.length - SHOWN_AT_ONCE
                  ? farness(nearness.get(message.id))
                  : undefined
              }
              watch={watch}
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

/** Undefined: near. Else its height in pixels, 0 where it was never shown. */
function farness(nearness: Nearness | undefined): number | undefined {
  return nearness === "near" ? undefined : (nearness ?? 0);
}

const ALONE: readonly string[] = [];

/**
 * The ids of the versions in each message's place, in the order they were made. Worked out anew only when
 * messages come: an answer that grows changes nothing, and the arrays stay the same, so that a message need
 * not render again.
 */
function useVersions(messages: readonly Message[]): (message: Message) => readonly string[] {
  const places = JSON.stringify(messages.map(({ id, parentId = "" }) => [parentId, id]));
  const versions = useMemo(() => versionsByParent(places), [places]);
  return ({ parentId = "" }) => versions.get(parentId) ?? ALONE;
}

function versionsByParent(places: string): ReadonlyMap<string, readonly string[]> {
  const pairs: [string, string][] = JSON.parse(places);
  const groups = Map.groupBy(pairs, ([parentId]) => parentId);
  return new Map([...groups].map(([parentId, group]) => [parentId, group.map(([, id]) => id)]));
}
