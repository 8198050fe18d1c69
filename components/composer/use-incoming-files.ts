import { useEffect, useEffectEvent, useState } from "react";
import { meansFiles } from "./pasted.ts";

/** A drag tells of itself at least every 350 ms (HTML, drag-and-drop processing model). */
const DRAG_LOST_MS = 1_000;

/**
 * Files that are pasted anywhere on the page but in another field, or dropped anywhere. Tells whether some are being
 * dragged over the page. While a dialog is open the page takes none; but a file that misses never replaces the page.
 */
export function useIncomingFiles(
  onFiles: (files: readonly File[]) => void,
  ownId: string,
): boolean {
  const [isDragging, setDragging] = useState(false);
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    let lost: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      clearTimeout(lost);
      setDragging(false);
    };
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      const takes = !isDialogOpen();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = takes ? "copy" : "none";
      setDragging(takes);
      // Not every way to call a drag off is told to the page.
      clearTimeout(lost);
      lost = setTimeout(end, DRAG_LOST_MS);
    };
    addEventListener("dragenter", over, { signal });
    addEventListener("dragover", over, { signal });
    const drop = (event: DragEvent) => {
      end();
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (!isDialogOpen()) take([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener("drop", drop, { signal });
    const leave = (event: DragEvent) => {
      // The drop zone covers the whole window: who leaves it leaves the window.
      if (event.target instanceof Element && event.target.matches(".drop-zone")) end();
    };
    addEventListener("dragleave", leave, { signal });
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (isDialogOpen() || isOtherField(event.target, ownId)) return;
      if (!meansFiles({ fileNames: files.map(({ name }) => name), text })) return;
      event.preventDefault();
      take(files);
    };
    addEventListener("paste", paste, { signal });
    return () => {
      listening.abort();
      clearTimeout(lost);
    };
  }, [ownId]);
  return isDragging;
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

function isDialogOpen(): boolean {
  return document.querySelector("dialog:modal") !== null;
}

function isOtherField(target: EventTarget | null, ownId: string): boolean {
  if (!(target instanceof HTMLElement) || target.id === ownId) return false;
  return target.isContentEditable || target.matches("input, textarea, select");
}
