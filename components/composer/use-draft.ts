import { useEffect, useMemo, type RefObject } from "react";
import { DraftKeeper, type Drafts } from "./draft-keeper.ts";
import { fitHeight } from "./fit-height.ts";

/** Keeps the text of a box as the draft of the chat in view, through reloads and a switch of chats. */
export function useDraft(
  chatKey: string,
  drafts: Drafts,
  field: RefObject<HTMLTextAreaElement | null>,
): DraftKeeper {
  const keeper = useMemo(() => new DraftKeeper(drafts), [drafts]);
  useEffect(() => {
    const box = field.current;
    if (box === null) return undefined;
    const show = (text: string) => {
      box.value = text;
      fitHeight(box);
    };
    void keeper.open(chatKey, show);
    // Written before the page was live.
    if (box.value !== "") keeper.write(box.value);
    return () => {
      keeper.flush();
      show("");
    };
  }, [chatKey, keeper, field]);
  useEffect(() => {
    const saveNow = () => keeper.flush();
    const saveHidden = () => {
      if (document.hidden) keeper.flush();
    };
    addEventListener("pagehide", saveNow);
    document.addEventListener("visibilitychange", saveHidden);
    return () => {
      removeEventListener("pagehide", saveNow);
      document.removeEventListener("visibilitychange", saveHidden);
    };
  }, [keeper]);
  return keeper;
}
