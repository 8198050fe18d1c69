import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { strings } from "../strings/strings.ts";
import { AttachIcon } from "./icons.tsx";

/** Covers the window while files are dragged over it. */
export function DropZone(): ReactNode {
  return createPortal(
    <div className="drop-zone" aria-hidden="true">
      <p>
        <AttachIcon />
        {strings.composer.dropHere}
      </p>
    </div>,
    document.body,
  );
}
