import { memo, type ReactNode } from "react";
import type { StatusData } from "../../lib/chat.ts";
import type { MessageState } from "../../lib/store/records.ts";
import { strings } from "../strings/strings.ts";
import { Clock } from "./clock.tsx";
import type { Asked } from "./estimates.ts";

export interface StatusProps {
  /** Of the last answer; undefined before the first. */
  readonly state: MessageState | undefined;
  readonly status: StatusData | undefined;
  /** The same object as long as the same answer is awaited, or each growth renders this line. */
  readonly asked: Asked | undefined;
}

/**
 * How far the answer has come, with a clock for the eyes; those who listen are told of the wait, the
 * start and the end, and not of each phase and second between.
 */
export const Status = memo(function Status({ state, status, asked }: StatusProps): ReactNode {
  const busy = state === "waiting" || state === "streaming";
  const phase = status?.phase ?? "connecting";
  return (
    <div className="status-line" role="status" data-phase={busy ? phase : (state ?? "idle")}>
      <span className="hidden">{announcement(state)}</span>
      {busy ? (
        <span className="progress" aria-hidden="true">
          <span className="lamp" />
          <span className="phase">{phaseText(status)}</span>
          <Clock key={phase} phase={phase} asked={asked} />
        </span>
      ) : null}
    </div>
  );
});

function phaseText(status: StatusData | undefined): string {
  if (status === undefined) return strings.phases.connecting;
  return status.phase === "queued" && status.position !== undefined
    ? strings.queuedAt(status.position, status.of)
    : strings.phases[status.phase];
}

function announcement(state: MessageState | undefined): string {
  if (state === undefined) return "";
  if (state === "waiting") return strings.announceWaiting;
  return state === "streaming" ? strings.announceStart : strings.ends[state];
}
