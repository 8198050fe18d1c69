import { useRef, useState, type ReactNode } from "react";
import type { Message } from "../../lib/store/records.ts";
import { textOf } from "../chats/chat-state.ts";
import { AttachmentList } from "../composer/attachment-list.tsx";
import { CopyButton } from "../common/copy-button.tsx";
import { strings } from "../strings/strings.ts";
import type { MessageActions } from "./actions.ts";
import { EditQuestion } from "./edit-question.tsx";
import { EditIcon } from "./icons.tsx";

interface QuestionProps {
  readonly message: Message;
  readonly busy: boolean;
  readonly actions: MessageActions;
  readonly plain: boolean;
  /** The way to its other versions. */
  readonly children: ReactNode;
}

/** What a person said, with its files; it can be asked anew in other words. */
export function Question({ message, busy, actions, plain, children }: QuestionProps): ReactNode {
  const [editing, setEditing] = useState(false);
  const editButton = useRef<HTMLButtonElement>(null);
  const text = textOf(message);
  const attachments = message.attachments ?? [];
  if (plain) return <div className="bubble">{text}</div>;
  if (editing) {
    return (
      <EditQuestion
        text={text}
        busy={busy}
        mayBeEmpty={attachments.length > 0}
        onCancel={() => {
          setEditing(false);
          // The button is there again after the next paint.
          requestAnimationFrame(() => editButton.current?.focus());
        }}
        onSend={(words) => {
          setEditing(false);
          actions.edit(message, words);
        }}
      />
    );
  }
  return (
    <>
      {attachments.length === 0 ? null : <AttachmentList attachments={attachments} />}
      {text === "" ? null : <div className="bubble">{text}</div>}
      <footer>
        {children}
        {text === "" ? null : <CopyButton text={text} label={strings.copy} />}
        <button
          ref={editButton}
          type="button"
          className="quiet icon"
          aria-label={strings.conversationRoom.edit}
          title={strings.conversationRoom.edit}
          onClick={() => setEditing(true)}
        >
          <EditIcon />
        </button>
      </footer>
    </>
  );
}
