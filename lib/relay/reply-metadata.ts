import type { ChatFinish, ReplyMetadata } from "../chat.ts";

const NANOSECONDS_PER_SECOND = 1e9;
const NANOSECONDS_PER_MILLISECOND = 1e6;

/** What Ollama's last record tells, in the units that a person reads. Unknown stays absent. */
export function finishMetadata(finish: ChatFinish): ReplyMetadata {
  return {
    doneReason: finish.doneReason,
    ...entry("promptTokens", finish.promptTokens),
    ...entry("completionTokens", finish.completionTokens),
    ...entry("loadMs", inMilliseconds(finish.loadDuration)),
    ...entry("promptTokensPerSecond", rate(finish.promptTokens, finish.promptDuration)),
    ...entry("tokensPerSecond", rate(finish.completionTokens, finish.completionDuration)),
  };
}

function entry<Name extends string>(name: Name, value: number | undefined) {
  const object: Partial<Record<Name, number>> = {};
  if (value !== undefined) object[name] = value;
  return object;
}

function inMilliseconds(nanoseconds: number | undefined): number | undefined {
  return nanoseconds === undefined
    ? undefined
    : Math.round(nanoseconds / NANOSECONDS_PER_MILLISECOND);
}

/** Tokens a second, one decimal. */
function rate(tokens: number | undefined, nanoseconds: number | undefined): number | undefined {
  if (tokens === undefined || nanoseconds === undefined || nanoseconds === 0) return undefined;
  return Math.round((tokens / nanoseconds) * NANOSECONDS_PER_SECOND * 10) / 10;
}
