import { memo, useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { fitHeight } from "./fit-height.ts";
import { COMPOSER_ID, focusComposer } from "./focus-composer.ts";
import { SendIcon, StopIcon } from "./icons.tsx";
import { isComposing } from "./is-composing.ts";
import { strings } from "./strings.ts";

interface ComposerProps {
  /** An answer is awaited or being written. */
  readonly busy: boolean;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
}

/** Where a message is written. Uncontrolled: typing renders nothing, and neither does an answer that grows. */
export const Composer = memo(function Composer({ busy, onSend, onStop }: ComposerProps): ReactNode {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const root = document.documentElement;
    root.dataset["ready"] = "";
    focusComposer();
    return () => {
      delete root.dataset["ready"];
    };
  }, []);

  const send = () => {
    const text = field.current?.value.trim() ?? "";
    if (busy || text === "" || field.current === null) return;
    field.current.value = "";
    fitHeight(field.current);
    onSend(text);
  };
  const sendOnEnter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event.nativeEvent)) return;
    event.preventDefault();
    send();
  };

  return (
    <div className="composer">
      <label className="hidden" htmlFor={COMPOSER_ID}>
        {strings.message}
      </label>
      <textarea
        ref={field}
        id={COMPOSER_ID}
        rows={1}
        placeholder={strings.messagePlaceholder}
        enterKeyHint="send"
        autoComplete="off"
        onKeyDown={sendOnEnter}
        onInput={(event) => fitHeight(event.currentTarget)}
      />
      {busy ? (
        <StopButton
          onStop={() => {
            onStop();
            focusComposer();
          }}
        />
      ) : (
        <button
          type="button"
          className="round send"
          aria-label={strings.send}
          title={strings.composerHint}
          onClick={send}
        >
          <SendIcon />
        </button>
      )}
    </div>
  );
});

function StopButton({ onStop }: { readonly onStop: () => void }): ReactNode {
  return (
    <button
      type="button"
      className="round stop"
      aria-label={strings.stop}
      title={`${strings.stop} (Esc)`}
      // The second click of a double click on Send lands here.
      onClick={(event) => {
        if (event.detail < 2) onStop();
      }}
    >
      <StopIcon />
    </button>
  );
}
