import type { ReactNode } from "react";
import { CopyButton } from "../common/copy-button.tsx";
import { AgainIcon } from "../common/icons.tsx";
import type { Problem } from "../chats/problem.ts";
import { strings } from "../strings/strings.ts";

/** A small model that thinks, calls tools and runs on nearly every machine. */
const PULL = "ollama pull qwen3:0.6b";

interface RetryProps {
  /** Asks for the list again. */
  readonly onRetry: () => Promise<void>;
}

interface ListTroubleProps extends RetryProps {
  readonly problem: Problem;
  /** An older list is still shown. */
  readonly stale?: boolean;
}

/** Why there is no list of models, or no newer one. */
export function ListTrouble({ problem, stale = false, onRetry }: ListTroubleProps): ReactNode {
  return (
    <div className="models-note">
      <p>
        {stale ? `${strings.models.mayBeOld} ` : null}
        {problem.message}
      </p>
      <p>{problem.fix}</p>
      <RetryButton onRetry={onRetry} />
    </div>
  );
}

/** For an Ollama that holds no model yet: the one thing to do. */
export function NoModels({ onRetry }: RetryProps): ReactNode {
  return (
    <div className="models-note">
      <p>
        <strong>{strings.models.pullTitle}</strong>
      </p>
      <p>{strings.models.pullText}</p>
      <p className="models-pull">
        <code>{PULL}</code>
        <CopyButton text={PULL} label={strings.copy} />
      </p>
      <RetryButton onRetry={onRetry} />
    </div>
  );
}

function RetryButton({ onRetry }: RetryProps): ReactNode {
  return (
    <button type="button" className="button" onClick={() => void onRetry()}>
      <AgainIcon />
      {strings.retry}
    </button>
  );
}
