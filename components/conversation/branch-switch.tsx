import type { ReactNode } from "react";
import { strings } from "../strings/strings.ts";
import { NextIcon, PreviousIcon } from "./icons.tsx";

interface BranchSwitchProps {
  /** The ids of the messages in one place, in the order they were made. */
  readonly versions: readonly string[];
  /** Which of them is in view, from 0. */
  readonly index: number;
  readonly onShow: (id: string) => void;
}

/** Goes from one of several answers, or questions, in one place to another. Nothing where there is one. */
export function BranchSwitch({ versions, index, onShow }: BranchSwitchProps): ReactNode {
  if (versions.length < 2) return null;
  const { previousVersion, nextVersion, versionOf } = strings.conversationRoom;
  const step = (label: string, to: string | undefined, icon: ReactNode): ReactNode => (
    <button
      type="button"
      className="quiet icon"
      aria-label={label}
      title={label}
      aria-disabled={to === undefined}
      onClick={() => {
        if (to !== undefined) onShow(to);
      }}
    >
      {icon}
    </button>
  );
  return (
    <div className="branch-switch" role="group" aria-label={versionOf(index + 1, versions.length)}>
      {step(previousVersion, versions[index - 1], <PreviousIcon />)}
      <span aria-hidden="true">
        {index + 1}/{versions.length}
      </span>
      {step(nextVersion, versions[index + 1], <NextIcon />)}
    </div>
  );
}
