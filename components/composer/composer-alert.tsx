import type { ReactNode } from "react";
import { strings } from "../strings/strings.ts";
import { CloseIcon } from "./icons.tsx";
import type { Trouble } from "./file-shelf.ts";

interface ComposerAlertProps {
  readonly troubles: readonly Trouble[];
  readonly onDismiss: () => void;
}

/** What could not be taken or sent, and what to do about it. Always in the page, so that a change in it is read out. */
export function ComposerAlert({ troubles, onDismiss }: ComposerAlertProps): ReactNode {
  return (
    <div role="alert" className="composer-alert">
      {troubles.length === 0 ? null : (
        <>
          <ul>
            {troubles.map(({ message, fix }) => (
              <li key={message}>
                <strong>{message}</strong> {fix}
              </li>
            ))}
          </ul>
          <button
            type="button"
            className="quiet icon"
            aria-label={strings.composer.dismiss}
            title={strings.composer.dismiss}
            onClick={onDismiss}
          >
            <CloseIcon />
          </button>
        </>
      )}
    </div>
  );
}
