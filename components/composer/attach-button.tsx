import { useRef, type ReactNode } from "react";
import { strings } from "../strings/strings.ts";
import { AttachIcon } from "./icons.tsx";

/** Opens the system's way to choose files. Nothing is filtered there: what is no use is told with its reason. */
export function AttachButton({
  onFiles,
}: {
  readonly onFiles: (files: readonly File[]) => void;
}): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={strings.composer.attach}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file can be chosen again after it was removed.
          currentTarget.value = "";
        }}
      />
      <button
        type="button"
        className="quiet icon attach"
        aria-label={strings.composer.attach}
        title={strings.composer.attach}
        onClick={() => input.current?.click()}
      >
        <AttachIcon />
      </button>
    </>
  );
}
