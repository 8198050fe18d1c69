import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { isComposing } from "../common/is-composing.ts";
import { strings } from "../strings/strings.ts";

interface RenameFieldProps {
  readonly title: string;
  /** Called once. `title` is undefined where it stays; `focus`: a key ended it. */
  readonly onEnd: (title: string | undefined, focus: boolean) => void;
}

/** A title that is being changed: Enter and leaving the field save, Escape gives up. */
export function RenameField({ title, onEnd }: RenameFieldProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  useEffect(() => {
    ended.current = false;
    field.current?.focus();
    field.current?.select();
  }, []);

  const end = (save: boolean, focus: boolean) => {
    // The field loses the focus once more when it goes.
    if (ended.current) return;
    ended.current = true;
    const given = field.current?.value.trim() ?? "";
    onEnd(save && given !== "" && given !== title ? given : undefined, focus);
  };
  const pressKey = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) {
      event.stopPropagation();
      return;
    }
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    // Escape would stop an answer, too.
    event.stopPropagation();
    end(event.key === "Enter", true);
  };
  return (
    <input
      ref={field}
      className="rename"
      aria-label={strings.sidebar.titleField}
      defaultValue={title}
      dir="auto"
      maxLength={200}
      autoComplete="off"
      enterKeyHint="done"
      onKeyDown={pressKey}
      onBlur={() => end(true, false)}
    />
  );
}
