import type { ReactNode } from "react";
import { AgainIcon } from "../common/icons.tsx";
import { strings } from "../strings/strings.ts";
import { useElapsed } from "./use-elapsed.ts";
import { formatSeconds } from "./whole-seconds.ts";

interface RetryProps {
  /** Undefined: at once. */
  readonly afterSeconds: number | undefined;
  readonly onRetry: () => void;
}

/** Retry; where it is known when that may help, the seconds until then count down beside it. */
export function Retry({ afterSeconds = 0, onRetry }: RetryProps): ReactNode {
  const wait = afterSeconds * 1000;
  const left = wait - useElapsed(wait);
  return (
    <>
      <button
        type="button"
        className="button"
        data-early={left > 0 ? "" : undefined}
        onClick={onRetry}
      >
        <AgainIcon />
        {strings.retry}
      </button>
      {afterSeconds === 0 ? null : (
        <span className="countdown">
          {/* Those who listen are told once how long, and once that it is over: not each second. */}
          <span className="hidden">{left > 0 ? whenText(wait) : strings.status.retryNow}</span>
          <span aria-hidden="true">{left > 0 ? whenText(left) : strings.status.retryNow}</span>
        </span>
      )}
    </>
  );
}

const whenText = (ms: number) => strings.status.retryIn(formatSeconds(ms));
