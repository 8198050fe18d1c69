import { useLayoutEffect, useRef, useState, type PointerEvent, type ReactNode } from "react";
import { strings } from "../strings/strings.ts";

interface DrawerProps {
  readonly open: boolean;
  /** It was closed, by whatever means. */
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The list over the page, where there is no room for a column: the page behind it is out of reach meanwhile. */
export function Drawer({ open, onClose, children }: DrawerProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const pressedOutside = useRef(false);
  // What was never looked at is not made.
  const [opened, setOpened] = useState(open);
  if (open && !opened) setOpened(true);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  }, [open]);
  useLayoutEffect(() => {
    const element = dialog.current;
    // Taken out while it is open, it would take the focus with it.
    return () => element?.close();
  }, []);

  const press = (event: PointerEvent) => {
    pressedOutside.current = isOutside(event);
  };
  const release = (event: PointerEvent) => {
    // Not when a text was marked in here and the pointer let go outside.
    if (pressedOutside.current && isOutside(event)) dialog.current?.close();
    pressedOutside.current = false;
  };
  return (
    <dialog
      ref={dialog}
      className="sidebar"
      aria-label={strings.sidebar.title}
      onClose={onClose}
      onPointerDown={press}
      onPointerUp={release}
      onKeyDown={(event) => {
        // It closes the drawer, and stops no answer.
        if (event.key === "Escape") event.stopPropagation();
      }}
    >
      {opened ? children : null}
    </dialog>
  );
}

/** What is pressed beside an open dialog is its backdrop, which is told of as the dialog itself. */
function isOutside(event: PointerEvent): boolean {
  if (event.target !== event.currentTarget) return false;
  const box = event.currentTarget.getBoundingClientRect();
  return (
    event.clientX < box.left ||
    event.clientX > box.right ||
    event.clientY < box.top ||
    event.clientY > box.bottom
  );
}
