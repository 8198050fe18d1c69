import { useEffect, useId, useRef, useSyncExternalStore, type ReactNode } from "react";
import { strings } from "../strings/strings.ts";
import type { Undo, UndoList } from "./undo-list.ts";

const NONE: readonly Undo[] = [];

/** What was just deleted, each with its way back. Nothing goes while a person points at it, is in it, or is away. */
export function UndoToasts({ undos }: { readonly undos: UndoList }): ReactNode {
  const shown = useSyncExternalStore(undos.subscribe, undos.read, () => NONE);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const hold = (type: string, reason: string, held: boolean) =>
      element.current?.addEventListener(type, () => undos.hold(reason, held), { signal });
    hold("pointerenter", "pointer", true);
    hold("pointerleave", "pointer", false);
    hold("focusin", "focus", true);
    hold("focusout", "focus", false);
    const look = () => undos.hold("away", document.hidden);
    look();
    document.addEventListener("visibilitychange", look, { signal });
    return () => {
      leaving.abort();
      // They are shown anew elsewhere, where nobody is in them.
      for (const reason of ["away", "pointer", "focus"]) undos.hold(reason, false);
    };
  }, [undos]);
  return (
    <div ref={element} className="undo-toasts" role="status" aria-atomic="false">
      {shown.map((undo) => (
        <Toast
          key={undo.chatId}
          title={undo.title}
          onUndo={() => {
            // A button that goes does not tell that it loses the focus.
            undos.hold("focus", false);
            undos.undo(undo.chatId);
          }}
        />
      ))}
    </div>
  );
}

interface ToastProps {
  readonly title: string;
  readonly onUndo: () => void;
}

function Toast({ title, onUndo }: ToastProps): ReactNode {
  const titleId = useId();
  return (
    <div className="toast">
      <p>
        {strings.sidebar.deleted}
        <small id={titleId} dir="auto">
          {title || strings.sidebar.untitled}
        </small>
      </p>
      <button type="button" className="quiet" aria-describedby={titleId} onClick={onUndo}>
        {strings.sidebar.undo}
      </button>
    </div>
  );
}
