import { useSyncExternalStore, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { isComposing } from "../common/is-composing.ts";
import { strings } from "../strings/strings.ts";
import type { Finder } from "./finder.ts";
import { CloseIcon, SearchIcon } from "./icons.tsx";

interface SearchFieldProps {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly finder: Finder;
  /** To the first chat below. */
  readonly onLeave: () => void;
}

/** Where chats are looked for. A syllable that is still being composed counts already. */
export function SearchField({ field, finder, onLeave }: SearchFieldProps): ReactNode {
  const readWords = () => finder.read().words;
  const words = useSyncExternalStore(finder.subscribe, readWords, readWords);
  const clear = () => {
    finder.look("");
    field.current?.focus();
  };
  const pressKey = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) {
      // This Escape ends the composition, and nothing else.
      event.stopPropagation();
      return;
    }
    if (event.key === "Escape" && words !== "") {
      event.preventDefault();
      event.stopPropagation();
      clear();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      onLeave();
    }
  };
  return (
    <search className="chat-search">
      <SearchIcon />
      <input
        ref={field}
        type="search"
        aria-label={strings.sidebar.search}
        placeholder={strings.sidebar.search}
        value={words}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        onChange={(event) => finder.look(event.target.value)}
        onKeyDown={pressKey}
      />
      {words === "" ? null : (
        <button
          type="button"
          className="quiet icon"
          aria-label={strings.sidebar.clear}
          title={strings.sidebar.clear}
          onClick={clear}
        >
          <CloseIcon />
        </button>
      )}
    </search>
  );
}
