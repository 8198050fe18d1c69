import type { ReactNode } from "react";
import { ROUTES } from "../../lib/contract.ts";
import type { Problem } from "../../lib/store/records.ts";
import { CopyButton } from "../common/copy-button.tsx";
import { strings } from "../strings/strings.ts";
import { Chain } from "./chain.tsx";
import { Retry } from "./retry.tsx";

interface ProblemViewProps {
  readonly problem: Problem;
  /** Offered only where another try may help. */
  readonly onRetry: () => void;
}

/** What broke, in words, with the one thing to do and the link of the chain it happened in. */
export function ProblemView({ problem, onRetry }: ProblemViewProps): ReactNode {
  const { code, link, retryable, retryAfterSeconds, requestId } = problem;
  const signedOut = code === "unauthorized";
  const { message, fix } = signedOut ? strings.problems.sessionEnded : problem;
  return (
    // Not atomic: when the seconds until Retry are over, only that is told.
    <div className="problem" role="alert" data-link={link} data-code={code} aria-atomic="false">
      <Chain broken={link} />
      <p className="message">{message}</p>
      <p className="fix">{fix}</p>
      <div className="actions">
        {signedOut ? (
          <a className="button" href={ROUTES.signIn}>
            {strings.signIn}
          </a>
        ) : retryable ? (
          <Retry afterSeconds={retryAfterSeconds} onRetry={onRetry} />
        ) : null}
        {requestId === undefined ? null : (
          <small className="request">
            <span>{strings.requestId(requestId)}</span>
            <CopyButton text={requestId} label={strings.status.copyRequestId} />
          </small>
        )}
      </div>
    </div>
  );
}
