import type { ReactNode } from "react";
import { ROUTES } from "../lib/contract.ts";
import { AgainIcon } from "./icons.tsx";
import { LINKS, type Problem } from "./problem.ts";
import { strings } from "./strings.ts";

interface ProblemViewProps {
  readonly problem: Problem;
  readonly onRetry: () => void;
}

/** What broke, in words, with the one thing to do and the link of the chain it happened in. */
export function ProblemView({ problem, onRetry }: ProblemViewProps): ReactNode {
  const { code, link, retryAfterSeconds, requestId } = problem;
  const signedOut = code === "unauthorized";
  const { message, fix } = signedOut ? strings.problems.sessionEnded : problem;
  return (
    <div className="problem" role="alert" data-link={link} data-code={code}>
      <ol className="chain" aria-label={strings.chainLabel(strings.links[link])}>
        {LINKS.map((each) => (
          <li key={each} data-broken={each === link ? "" : undefined}>
            {strings.links[each]}
          </li>
        ))}
      </ol>
      <p className="message">{message}</p>
      <p className="fix">
        {fix} {retryAfterSeconds === undefined ? null : strings.retryAfter(retryAfterSeconds)}
      </p>
      <div className="actions">
        {signedOut ? (
          <a className="button" href={ROUTES.signIn}>
            {strings.signIn}
          </a>
        ) : (
          <button type="button" className="button" onClick={onRetry}>
            <AgainIcon />
            {strings.retry}
          </button>
        )}
        {requestId === undefined ? null : <small>{strings.requestId(requestId)}</small>}
      </div>
    </div>
  );
}
