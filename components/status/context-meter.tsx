import type { ReactNode } from "react";
import type { ContextPolicy } from "../../lib/chat.ts";
import { formatNumber } from "../common/format.ts";
import { strings } from "../strings/strings.ts";
import { levelOf, type ContextUse } from "./context.ts";
import { WarningIcon } from "./icons.tsx";

interface ContextMeterProps extends ContextUse {
  /** A rough estimate of what is being written. */
  readonly draftTokens?: number;
  /** What is done with a conversation that does not fit. */
  readonly policy: ContextPolicy;
}

/** How full the model's context is, and, when it gets full, what will happen. */
export function ContextMeter(props: ContextMeterProps): ReactNode {
  const { usedTokens, contextLength, estimated, draftTokens = 0, policy } = props;
  if (usedTokens === undefined && draftTokens === 0) return null;
  const used = (usedTokens ?? 0) + draftTokens;
  const isGuess = estimated === true || draftTokens > 0;
  if (contextLength === undefined) {
    return (
      <div className="status-context" data-level="fine">
        <span>{labelled(strings.tokens(formatNumber(used)), isGuess)}</span>
      </div>
    );
  }
  const level = levelOf(used, contextLength);
  const percent = Math.floor((used / contextLength) * 100);
  const counts = strings.status.contextOf(formatNumber(used), formatNumber(contextLength), percent);
  const text = labelled(counts, isGuess);
  return (
    <div className="status-context" data-level={level}>
      <span
        className="meter"
        role="meter"
        aria-label={strings.status.context}
        aria-valuemin={0}
        aria-valuemax={contextLength}
        aria-valuenow={Math.min(used, contextLength)}
        aria-valuetext={text}
      >
        <Ring percent={Math.min(percent, 100)} />
        <span aria-hidden="true">{text}</span>
      </span>
      {level === "fine" ? null : (
        <p className="warning">
          <WarningIcon />
          <span>{strings.status.contextWarnings[level][policy]}</span>
        </p>
      )}
    </div>
  );
}

function labelled(text: string, isGuess: boolean): string {
  return isGuess ? strings.status.estimate(text) : text;
}

/** Filled clockwise from the top. */
function Ring({ percent }: { readonly percent: number }): ReactNode {
  return (
    <svg viewBox="0 0 20 20" className="ring" aria-hidden="true" focusable="false">
      <circle cx="10" cy="10" r="7.5" className="track" />
      {percent === 0 ? null : (
        <circle
          cx="10"
          cy="10"
          r="7.5"
          className="fill"
          pathLength={100}
          strokeDasharray={`${percent} 100`}
          transform="rotate(-90 10 10)"
        />
      )}
    </svg>
  );
}
