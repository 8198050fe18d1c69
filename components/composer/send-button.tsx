import type { ReactNode } from "react";
import { SendIcon, StopIcon } from "../common/icons.tsx";
import { strings } from "../strings/strings.ts";

interface SendButtonProps {
  /** Pressed while a file is still being prepared. */
  readonly isWaiting: boolean;
  readonly onSend: () => void;
}

export function SendButton({ isWaiting, onSend }: SendButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="round send"
      aria-label={strings.send}
      aria-busy={isWaiting}
      title={strings.composerHint}
      onClick={onSend}
    >
      <SendIcon />
    </button>
  );
}

export function StopButton({ onStop }: { readonly onStop: () => void }): ReactNode {
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
