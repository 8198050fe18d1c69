import { useEffect, useState, type ReactNode } from "react";
import type { StatusData } from "../lib/chat.ts";
import type { MessageState } from "./chat-state.ts";
import { formatDuration } from "./format.ts";
import { strings } from "./strings.ts";

const TICK_MS = 1000;

interface StatusProps {
  /** Of the last answer; undefined before the first. */
  readonly state: MessageState | undefined;
  readonly status: StatusData | undefined;
}

/**
 * How far the answer has come, with a clock for the eyes; those who listen are told of the wait, the
 * start and the end, and not of each phase and second between.
 */
export function Status({ state, status }: StatusProps): ReactNode {
  const busy = state === "waiting" || state === "streaming";
  const phase = busy ? (status?.phase ?? "connecting") : (state ?? "idle");
  return (
    <div className="status" role="status" data-phase={phase}>
      <span className="hidden">{announcement(state)}</span>
      {busy ? (
        <span className="progress" aria-hidden="true">
          <span className="lamp" />
          {phaseText(status)}
          <Clock key={phase} />
        </span>
      ) : null}
    </div>
  );
}

/** Seconds in this phase. */
function Clock(): ReactNode {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const begin = performance.now();
    const timer = setInterval(() => setElapsed(performance.now() - begin), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const shown = Math.round(elapsed / TICK_MS) * TICK_MS;
  return shown === 0 ? null : <span className="clock">{formatDuration(shown)}</span>;
}

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
