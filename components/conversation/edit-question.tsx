import { useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { enterMeaning, isOnGlass } from "../composer/enter.ts";
import { fitHeight } from "../composer/fit-height.ts";
import { isComposing } from "../common/is-composing.ts";
import { strings } from "../strings/strings.ts";

interface EditQuestionProps {
  readonly text: string;
  /** An answer is in progress: nothing can be asked yet. */
  readonly busy: boolean;
  /** Whether the question may be without words, because files go with it. */
  readonly mayBeEmpty: boolean;
  readonly onSend: (text: string) => void;
  readonly onCancel: () => void;
}

/** A question being written anew. What was asked and answered before stays as another version. */
export function EditQuestion({
  text,
  busy,
  mayBeEmpty,
  onSend,
  onCancel,
}: EditQuestionProps): ReactNode {
  const field = useRef<HTMLTextAreaElement>(null);
  const [empty, setEmpty] = useState(text.trim() === "");
  useLayoutEffect(() => {
    const editor = field.current;
    if (editor === null) return;
    fitHeight(editor);
    editor.focus();
    editor.setSelectionRange(editor.value.length, editor.value.length);
  }, []);
  const blocked = busy || (empty && !mayBeEmpty);
  const send = (): void => {
    const words = field.current?.value.trim() ?? "";
    if (!blocked) onSend(words);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "Escape") {
      // Not also the answer in progress.
      event.stopPropagation();
      onCancel();
    } else if (event.key === "Enter" && enterMeaning(event, isOnGlass()) === "send") {
      event.preventDefault();
      send();
    }
  };
  const { saveEdit, cancelEdit, editLabel } = strings.conversationRoom;
  return (
    <div className="edit-question">
      <textarea
        ref={field}
        defaultValue={text}
        aria-label={editLabel}
        rows={1}
        autoComplete="off"
        onKeyDown={onKey}
        onInput={(event) => {
          fitHeight(event.currentTarget);
          setEmpty(event.currentTarget.value.trim() === "");
        }}
      />
      <div className="edit-buttons">
        <button type="button" className="quiet" onClick={onCancel}>
          {cancelEdit}
        </button>
        <button type="button" className="button" aria-disabled={blocked} onClick={send}>
          {saveEdit}
        </button>
      </div>
    </div>
  );
}
