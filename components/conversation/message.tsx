import { memo, type ReactNode } from "react";
import type { Message } from "../../lib/store/records.ts";
import { strings } from "../strings/strings.ts";
import type { MessageActions } from "./actions.ts";
import { BranchSwitch } from "./branch-switch.tsx";
import { Question } from "./question.tsx";
import { Reply } from "./reply.tsx";

export interface MessageViewProps {
  readonly message: Message;
  /** The ids of those in the same place, this one among them; the same array while they are the same. */
  readonly versions: readonly string[];
  /** Only the failure of the last answer is an alert. */
  readonly last: boolean;
  /** Somewhere in the chat an answer is in progress. */
  readonly busy: boolean;
  readonly actions: MessageActions;
  /**
   * Far from view, and so many pixels high when it was shown, 0 if it never was: its words alone, which cost
   * little and are found by the browser's own search.
   */
  readonly far: number | undefined;
  /** Given the element, so that it is known when it comes near to view. */
  readonly watch: (article: HTMLElement | null) => (() => void) | undefined;
}

/** One message. Renders again only when it changes. */
export const MessageView = memo(function MessageView(props: MessageViewProps): ReactNode {
  const { message, versions, busy, actions, far, watch } = props;
  const { id, role, state } = message;
  const plain = far !== undefined;
  const label = role === "user" ? strings.you : strings.answer;
  const branchSwitch = (
    <BranchSwitch versions={versions} index={versions.indexOf(id)} onShow={actions.show} />
  );
  return (
    <article
      ref={watch}
      className="message"
      data-role={role}
      data-state={state}
      data-id={id}
      data-plain={plain ? "" : undefined}
      style={far === undefined || far === 0 ? undefined : { height: far, overflow: "clip" }}
      aria-label={label}
    >
      <h2 className="hidden">{label}</h2>
      {role === "user" ? (
        <Question message={message} busy={busy} actions={actions} plain={plain}>
          {branchSwitch}
        </Question>
      ) : (
        <Reply {...props} plain={plain}>
          {branchSwitch}
        </Reply>
      )}
    </article>
  );
});
